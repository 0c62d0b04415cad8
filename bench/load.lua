-- What wrk sends: one operation, as all of the driven people in turn.
--
-- The data file (bench/load.py writes it) names the operation and holds tokens and ids. Each
-- connection takes the next request of one common sequence, so both applications get the same.

local data, send
local count = 0

local function person()
  return count % #data.tokens + 1
end

local function of(list, number)
  return list[number % #list + 1]
end

local function headers(who)
  return {["Authorization"] = "Bearer " .. data.tokens[who], ["Content-Type"] = "application/json"}
end

local function list(who)
  local page = count * 37 % 100 + 1
  return wrk.format("GET", "/api/v1/tasks/?page=" .. page .. "&size=10", headers(who))
end

local function one(who)
  local id = of(data.tasks[who], count * 37)
  return wrk.format("GET", "/api/v1/tasks/" .. id, headers(who))
end

local function create(who)
  local body = '{"title": "Write to the printer about proof ' .. count .. '", "priority": 2}'
  return wrk.format("POST", "/api/v1/tasks/", headers(who), body)
end

-- Complete what is open and open what is done: each request changes something.
local places = {}
local function complete(who)
  local tasks = data.open[who]
  places[who] = (places[who] or 0) % #tasks + 1
  local task = tasks[places[who]]
  task[2] = not task[2]
  local body = '{"completed": ' .. tostring(not task[2]) .. '}'
  return wrk.format("PUT", "/api/v1/tasks/complete/" .. task[1], headers(who), body)
end

-- Eighty in a hundred read.
local turns = {list, one, list, one, create, list, one, list, one, complete}
local function mix(who)
  return turns[math.floor(count / #data.tokens) % #turns + 1](who)
end

local function page()
  return wrk.format("GET", "/today", {["Cookie"] = of(data.cookies, count)})
end

local function path(who)
  return wrk.format("GET", data.path, headers(who))
end

-- Each token is good for one refresh, whose answer brings the next: the oldest goes first.
local waiting, first, last = {}, 1, 0
local function refresh()
  local token = waiting[first]
  waiting[first] = nil
  first = first + 1
  local body = '{"' .. data.refresh.member .. '": "' .. token .. '"}'
  return wrk.format("POST", data.refresh.path, {["Content-Type"] = "application/json"}, body)
end

local function keep_token(status, _, body)
  if status == 200 then
    last = last + 1
    waiting[last] = body:match('"' .. data.refresh.member .. '":"([^"]+)"')
  end
end

local operations = {
  list = list, one = one, create = create, complete = complete, mix = mix, page = page,
  path = path, refresh = refresh,
}

function init(arguments)
  data = dofile(arguments[1])
  send = operations[data.operation]
  if data.operation == "refresh" then
    waiting, last = data.refresh_tokens, #data.refresh_tokens
    response = keep_token
  end
end

function request()
  count = count + 1
  return send(data.operation ~= "page" and data.operation ~= "refresh" and person())
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"requests": %d, "seconds": %.6f, "p50": %.3f, "p99": %.3f, "longest": %.3f,'
      .. ' "refused": %d, "broken": %d}',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, latency.max / 1e3, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout
  ))
end
