-- Show a page of the dead letters. Writes nothing.
-- Returns {now in ms, how many there are, then per letter: {id, ms when it was given up on, its
-- head, entries of mail}}.
--
-- KEYS  1 dead-letters   2 dead-letter prefix
-- ARGV  1 how many to pass over   2 how many at most   3 1 from the newest on, 0 from the oldest on

local time = redis.call('TIME')
local shown = {time[1] * 1000 + math.floor(time[2] / 1000), redis.call('ZCARD', KEYS[1])}
local page = redis.call(ARGV[3] == '1' and 'ZREVRANGE' or 'ZRANGE', KEYS[1], ARGV[1],
  ARGV[1] + ARGV[2] - 1, 'WITHSCORES')
for i = 1, #page, 2 do
  local letter = KEYS[2] .. page[i]
  local told = redis.call('HGET', letter, 'head')
  local fields = redis.call('HLEN', letter)
  shown[#shown + 1] = {page[i], page[i + 1], told, told and fields - 1 or fields}
end
return shown
