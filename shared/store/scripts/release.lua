-- Give a lease back unused: the same mail comes again at once, and the attempt does not count.
-- Returns 1, or 0 when the lease is lost.
--
-- KEYS  1 turns   2 waking   3 woken   4 running   5 leases   6 attempts
-- ARGV  1 conversation   2 fence   3 wake's template
-- include wake.lua

local conversation = ARGV[1]
if redis.call('HGET', KEYS[5], conversation) ~= ARGV[2] then
  return 0
end
redis.call('HDEL', KEYS[5], conversation)
redis.call('ZREM', KEYS[4], conversation)
redis.call('HINCRBY', KEYS[6], conversation, -1)
wake({conversation}, ARGV[3], KEYS[1], KEYS[2], KEYS[3])
return 1
