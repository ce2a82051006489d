-- Count what waits, runs and is deferred in both queues, as of one moment. Writes nothing.
-- Returns {now in ms, dead letters, wakes ever pushed, then per queue: wakes, waiting, ms when the
-- one that has waited longest began to, running, deferred}.
--
-- KEYS  1 turns   2 turns:waking   3 turns:running   4 turns:deferred   5 events
--       6 events:waking   7 events:running   8 events:deferred   9 dead-letters   10 woken
-- ARGV  none

local time = redis.call('TIME')
local counted = {
  time[1] * 1000 + math.floor(time[2] / 1000),
  redis.call('ZCARD', KEYS[9]),
  tonumber(redis.call('GET', KEYS[10]) or 0),
}
for first = 1, 5, 4 do
  counted[#counted + 1] = redis.call('LLEN', KEYS[first])
  counted[#counted + 1] = redis.call('ZCARD', KEYS[first + 1])
  counted[#counted + 1] = redis.call('ZRANGE', KEYS[first + 1], 0, 0, 'WITHSCORES')[2] or ''
  counted[#counted + 1] = redis.call('ZCARD', KEYS[first + 2])
  counted[#counted + 1] = redis.call('ZCARD', KEYS[first + 3])
end
return counted
