-- Note when a schedule was last run.
--
-- KEYS  1 schedules
-- ARGV  1 schedule   2 when, in s

redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 0
