-- Look up when schedules were last run. One that is new counts as run now; what is no schedule any
-- more is forgotten.
-- Returns a time for each, in s.
--
-- KEYS  1 schedules
-- ARGV  1 now in s   then each schedule

local named, runs = {}, {}
for i = 2, #ARGV do
  named[ARGV[i]] = true
  redis.call('HSETNX', KEYS[1], ARGV[i], ARGV[1])
  runs[i - 1] = redis.call('HGET', KEYS[1], ARGV[i])
end
for _, schedule in ipairs(redis.call('HKEYS', KEYS[1])) do
  if not named[schedule] then
    redis.call('HDEL', KEYS[1], schedule)
  end
end
return runs
