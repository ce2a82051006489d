-- Enter what somebody decided about an ask, and have the conversation that waits for it go on.
-- Returns 'decided', 'late' (there is no such ask, or it is decided), or 'stranger' (it is not
-- theirs to decide).
--
-- KEYS  1 decisions   2 deferred   3 wakes   4 waking   5 woken
-- ARGV  1 conversation   2 wake's template   3 queue   4 ask   5 'allow' or 'deny'   6 who decides
--       7 '1' if they may decide for others
-- include wake.lua

local asker = redis.call('HGET', KEYS[1], 'asker')
if not asker then
  return 'late'
end
if asker ~= ARGV[6] and ARGV[7] ~= '1' then
  return 'stranger'
end
if redis.call('HSETNX', KEYS[1], ARGV[4], ARGV[5]) == 0 then
  return 'late'
end
if redis.call('ZREM', KEYS[2], ARGV[1]) == 1 then
  wake({ARGV[1]}, ARGV[2], ARGV[3], KEYS[3], KEYS[4], KEYS[5])
end
return 'decided'
