-- Keep what a turn has of its reply, for whoever may have to go on with it.
-- Returns 1, or 0 when the lease is lost.
--
-- KEYS  1 leases   2 draft
-- ARGV  1 conversation   2 fence   3 seconds it is kept   then field, value ...
-- include held.lua

if not held(KEYS[1], ARGV[1], ARGV[2]) then
  return 0
end
redis.call('HSET', KEYS[2], unpack(ARGV, 4))
redis.call('EXPIRE', KEYS[2], ARGV[3])
return 1
