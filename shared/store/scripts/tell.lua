-- Say whether somebody is to be told something in answer to a message: not if another message was
-- answered so within the time. Whoever tries the same message again is told the same.
-- Returns 1 or 0.
--
-- KEYS  1 told
-- ARGV  1 message   2 ms within which once is enough

redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2])
return redis.call('GET', KEYS[1]) == ARGV[1] and 1 or 0
