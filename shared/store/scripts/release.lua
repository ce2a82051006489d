-- Give a lease back unused: the same mail comes again at once, and the attempt does not count.
-- Returns 1, or 0 when the lease is lost.
--
-- KEYS  1 waking   2 running   3 leases   4 attempts   5 turns
-- ARGV  1 conversation   2 fence   3 wake

local conversation = ARGV[1]
if redis.call('HGET', KEYS[3], conversation) ~= ARGV[2] then
  return 0
end
local time = redis.call('TIME')
redis.call('HDEL', KEYS[3], conversation)
redis.call('ZREM', KEYS[2], conversation)
redis.call('HINCRBY', KEYS[4], conversation, -1)
redis.call('ZADD', KEYS[1], time[1] * 1000 + math.floor(time[2] / 1000), conversation)
redis.call('LPUSH', KEYS[5], ARGV[3])
return 1
