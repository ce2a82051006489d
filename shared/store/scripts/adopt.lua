-- Say which question a turn answers, and take over the draft of its answer, if there is one.
-- Returns field, value, ... of the draft, or nil when the lease is lost.
--
-- KEYS  1 leases   2 answering   3 draft
-- ARGV  1 conversation   2 fence   3 question
-- include held.lua

if not held(KEYS[1], ARGV[1], ARGV[2]) then
  return nil
end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
if redis.call('EXISTS', KEYS[3]) == 1 then
  redis.call('HINCRBY', KEYS[3], 'generation', 1)
end
return redis.call('HGETALL', KEYS[3])
