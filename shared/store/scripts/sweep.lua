-- Find the conversations that nobody is on the way to, and mark them as waking.
-- Returns {rescued, due, lost}: those whose lease expired, whose deferral ended, and whose wake
-- vanished. The caller pushes their wakes; should it die first, the next sweep finds them lost.
--
-- KEYS  1 waking   2 running   3 deferred   4 leases   5 turns
-- ARGV  1 ms a popped wake may take to begin   2 how many of each kind to take

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function take(key, horizon)
  local found = redis.call('ZRANGEBYSCORE', key, '-inf', horizon, 'LIMIT', 0, ARGV[2])
  for _, conversation in ipairs(found) do
    redis.call('ZREM', key, conversation)
    redis.call('ZADD', KEYS[1], now, conversation)
  end
  return found
end

-- A wake waits in the queue if it was pushed no earlier than the oldest one there, whose id, a
-- UUIDv7, tells when that was. Only what is older was popped and came to nothing: however long
-- the queue is, nothing that waits in it is pushed twice.
local function oldest_wait()
  local oldest = redis.call('LINDEX', KEYS[5], -1)
  if not oldest then
    return now
  end
  local read, message = pcall(cjson.decode, oldest)
  local id = read and type(message.headers) == 'table' and message.headers.id
  if type(id) ~= 'string' or string.sub(id, 15, 15) ~= '7' then
    return 0 -- not one of ours: it tells nothing, so nothing counts as lost until it is taken
  end
  return tonumber(string.sub(id, 1, 8) .. string.sub(id, 10, 13), 16)
end

local lost = take(KEYS[1], math.min(now, oldest_wait()) - ARGV[1])
local due = take(KEYS[3], now)
local rescued = take(KEYS[2], now)
if #rescued > 0 then
  redis.call('HDEL', KEYS[4], unpack(rescued))
end
return {rescued, due, lost}
