-- Push out the expiry of every lease a process holds.
-- Returns the conversations whose lease is no longer its holder's.
--
-- KEYS  1 running   2 leases
-- ARGV  1 lease in ms   then per lease: conversation, fence

local time = redis.call('TIME')
local expiry = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[1]
local lost = {}
for i = 2, #ARGV, 2 do
  local conversation, fence = ARGV[i], ARGV[i + 1]
  if redis.call('HGET', KEYS[2], conversation) == fence then
    redis.call('ZADD', KEYS[1], expiry, conversation)
  else
    lost[#lost + 1] = conversation
  end
end
return lost
