-- Keep a first draft for a conversation that nobody runs yet, for the turn to come.
-- Returns 1, or 0 when a turn has begun, or there is a draft.
--
-- KEYS  1 waking   2 draft
-- ARGV  1 conversation   2 seconds it is kept   then field, value ...

if not redis.call('ZSCORE', KEYS[1], ARGV[1]) or redis.call('EXISTS', KEYS[2]) == 1 then
  return 0
end
redis.call('HSET', KEYS[2], unpack(ARGV, 3))
redis.call('EXPIRE', KEYS[2], ARGV[2])
return 1
