-- Find the conversations of a queue that nobody is on the way to, and wake them.
-- Returns {rescued, due, lost}: those whose lease expired, whose deferral ended, and whose wake
-- vanished.
--
-- KEYS  1 wakes   2 waking   3 woken   4 running   5 deferred   6 leases
-- ARGV  1 ms a popped wake may take to begin   2 how many of each kind to take   3 wake's template
--       4 queue
-- include wake.lua

-- A wake waits in the queue if it was pushed no earlier than the oldest one there, whose id, a
-- UUIDv7, tells when that was. Only what is older was popped and came to nothing: however long
-- the queue is, nothing that waits in it is pushed twice.
local function oldest_wait()
  local oldest = redis.call('LINDEX', KEYS[1], -1)
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

local function stranded(key, horizon)
  return redis.call('ZRANGEBYSCORE', key, '-inf', horizon, 'LIMIT', 0, ARGV[2])
end

local function woken(key, found)
  for _, conversation in ipairs(found) do
    redis.call('ZREM', key, conversation)
  end
  wake(found, ARGV[3], ARGV[4], KEYS[1], KEYS[2], KEYS[3])
  return found
end

local lost = stranded(KEYS[2], math.min(now, oldest_wait()) - ARGV[1])
local due, rescued = stranded(KEYS[5], now), stranded(KEYS[4], now)
if #rescued > 0 then
  redis.call('HDEL', KEYS[6], unpack(rescued))
end
return {woken(KEYS[4], rescued), woken(KEYS[5], due), woken(KEYS[2], lost)}
