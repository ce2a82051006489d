-- End a turn whose mail is not done with: the same mail comes again after a while.
-- Returns 1, or 0 when the lease is lost.
--
-- KEYS  1 leases   2 running   3 deferred   4 attempts
-- ARGV  1 conversation   2 fence   3 ms to wait   4 whether this counts as an attempt, 1 or 0
-- include held.lua

local conversation = ARGV[1]
if not held(KEYS[1], conversation, ARGV[2]) then
  return 0
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HDEL', KEYS[1], conversation)
redis.call('ZREM', KEYS[2], conversation)
if ARGV[4] == '0' then
  redis.call('HINCRBY', KEYS[4], conversation, -1)
end
redis.call('ZADD', KEYS[3], now + ARGV[3], conversation)
return 1
