-- Count a message among those of its user, unless it was ruled upon before; or find that the window
-- holds as many as it may. What is turned away is counted nowhere.
-- Returns 'fine'; else 'told', for the first one of a window, whose user is to be told, or 'silent'.
--
-- KEYS  1 bucket   2 ruling on the message   3 told
-- ARGV  1 window in ms   2 how many messages it may hold   3 ms to keep the ruling
-- include window.lua

local ruling = redis.call('GET', KEYS[2])
if ruling then
  return ruling
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if shorten(KEYS[1], now - ARGV[1]) < tonumber(ARGV[2]) then
  redis.call('LPUSH', KEYS[1], now)
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  ruling = 'fine'
elseif redis.call('SET', KEYS[3], '', 'NX', 'PX', ARGV[1]) then
  ruling = 'told'
else
  ruling = 'silent'
end
redis.call('SET', KEYS[2], ruling, 'PX', ARGV[3])
return ruling
