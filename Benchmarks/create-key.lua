-- wrk: makes API keys, spread over many workspaces because one holds a bounded number.
local workspaces = {}
for id in string.gmatch(os.getenv("WORKSPACES"), "[^,]+") do workspaces[#workspaces + 1] = id end

local count = 0
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer " .. os.getenv("TOKEN")

request = function()
  count = count + 1
  local id = workspaces[count % #workspaces + 1]
  return wrk.format(nil, nil, nil, '{"workspace_id":"' .. id .. '","name":"bench","scopes":["read"]}')
end

done = function(summary, latency, requests)
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests - summary.errors.status,
    summary.duration, latency:percentile(50), latency:percentile(99), summary.errors.status))
end
