-- wrk: plain authenticated reads, by one caller, or in turn by all whose tokens are in a file.
if os.getenv("TOKENS") then
  local requests, turn = {}, 0
  init = function()
    for token in io.lines(os.getenv("TOKENS")) do
      wrk.headers["Authorization"] = "Bearer " .. token
      requests[#requests + 1] = wrk.format()
    end
  end
  request = function()
    turn = turn % #requests + 1
    return requests[turn]
  end
else
  wrk.headers["Authorization"] = "Bearer " .. os.getenv("TOKEN")
end

done = function(summary, latency, requests)
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests - summary.errors.status,
    summary.duration, latency:percentile(50), latency:percentile(99), summary.errors.status))
end
