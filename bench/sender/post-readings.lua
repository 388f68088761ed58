-- Posts one reading with an id of its own, like the sender. Prints the figures as one line of JSON.
local seed = os.time()

function setup(thread)
  seed = seed + 7919
  thread:set("seed", seed)
end

function init()
  math.randomseed(seed)
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
end

local function id()
  return string.format("%08x-%04x-4%03x-8%03x-%06x%06x", math.random(0, 0x7fffffff), math.random(0, 0xffff),
    math.random(0, 0xfff), math.random(0, 0xfff), math.random(0, 0xffffff), math.random(0, 0xffffff))
end

function request()
  local body = string.format(
    '{"temperature":%.1f,"humidity":%.1f,"sound_volume":%.1f,"id":"%s","sensor_id":"bench"}',
    20 + 8 * math.random(), 45 + 10 * math.random(), 40 + 40 * math.random(), id())
  return wrk.format(nil, "/predict", nil, body)
end

-- Every latency with its count: wrk adds to what it measured, and the bench takes that away again.
local function counts(latency)
  local pairs = {}
  for i = 1, #latency do
    pairs[i] = string.format("[%d,%d]", latency(i))
  end
  return table.concat(pairs, ",")
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"duration_us":%d,"faults":%d,"counts":[%s]}\n',
    summary.requests, summary.duration, e.connect + e.read + e.write + e.status + e.timeout, counts(latency)))
end
