-- wrk: plain authenticated reads.
wrk.headers["Authorization"] = "Bearer " .. os.getenv("TOKEN")

done = function(summary, latency, requests)
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests - summary.errors.status,
    summary.duration, latency:percentile(50), latency:percentile(99), summary.errors.status))
end
