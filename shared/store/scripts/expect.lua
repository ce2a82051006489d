-- Expect decisions about the asks of a question, for so long.
--
-- KEYS  1 decisions
-- ARGV  1 who asked the question   2 seconds

redis.call('HSET', KEYS[1], 'asker', ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 1
