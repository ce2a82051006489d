-- Look after the turns of a process: which are to stop, and how much mail each has.
-- Returns per turn 1 or 0, then how many entries its mailbox holds.
--
-- KEYS  1 stops   2 mailbox prefix
-- ARGV  per turn: conversation, fence

local noticed = {}
for i = 1, #ARGV, 2 do
  noticed[i] = redis.call('HGET', KEYS[1], ARGV[i]) == ARGV[i + 1] and 1 or 0
  noticed[i + 1] = redis.call('LLEN', KEYS[2] .. ARGV[i])
end
return noticed
