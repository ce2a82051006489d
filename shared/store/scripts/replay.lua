-- Put the mail of a dead letter back into its mailbox, as if it came just now.
-- Returns how many entries that were; 0 when there is no such letter.
--
-- KEYS  1 dead-letters   2 dead-letter   3 mailbox   4 wakes   5 waking   6 woken
-- ARGV  1 id   2 conversation   3 wake's template   4 queue
-- include wake.lua

local length, number = 0, 0
while true do
  local entry = redis.call('HGET', KEYS[2], 'mail:' .. (number + 1))
  if not entry then
    break
  end
  number = number + 1
  length = redis.call('RPUSH', KEYS[3], entry)
end
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('DEL', KEYS[2])
if number > 0 and length == number then
  wake({ARGV[2]}, ARGV[3], ARGV[4], KEYS[4], KEYS[5], KEYS[6])
end
return number
