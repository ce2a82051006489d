-- Push out the expiry of every lease a process holds.
-- Returns the fences of those that are no longer their holder's.
--
-- KEYS  1 turns:leases   2 turns:running   3 events:leases   4 events:running
-- ARGV  1 lease in ms   then per lease: queue, conversation, fence
-- include held.lua

local time = redis.call('TIME')
local expiry = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[1]
local lost = {}
for i = 2, #ARGV, 3 do
  local first, conversation, fence = ARGV[i] == 'turns' and 1 or 3, ARGV[i + 1], ARGV[i + 2]
  if held(KEYS[first], conversation, fence) then
    redis.call('ZADD', KEYS[first + 1], expiry, conversation)
  else
    lost[#lost + 1] = fence
  end
end
return lost
