-- wrk: logs in, with several accounts in turn: how often one may try is limited.
local accounts = {}
for email in string.gmatch(os.getenv("ACCOUNTS"), "[^,]+") do accounts[#accounts + 1] = email end

local count = 0
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"

request = function()
  count = count + 1
  local email = accounts[count % #accounts + 1]
  return wrk.format(nil, nil, nil, '{"email":"' .. email .. '","password":"' .. os.getenv("PASSWORD") .. '"}')
end

done = function(summary, latency, requests)
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests - summary.errors.status,
    summary.duration, latency:percentile(50), latency:percentile(99), summary.errors.status))
end
