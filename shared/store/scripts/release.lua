-- Give a lease back: the same mail comes again at once, and the attempt does not count.
-- Returns 1, or 0 when the lease is lost.
--
-- KEYS  1 leases   2 running   3 attempts   4 wakes   5 waking   6 woken
-- ARGV  1 conversation   2 fence   3 wake's template   4 queue
-- include held.lua
-- include wake.lua

local conversation = ARGV[1]
if not held(KEYS[1], conversation, ARGV[2]) then
  return 0
end
redis.call('HDEL', KEYS[1], conversation)
redis.call('ZREM', KEYS[2], conversation)
redis.call('HINCRBY', KEYS[3], conversation, -1)
wake({conversation}, ARGV[3], ARGV[4], KEYS[4], KEYS[5], KEYS[6])
return 1
