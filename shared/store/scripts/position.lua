-- Find the conversations whose wake has waited for long, and who were told nothing yet. They
-- count as told from here on, until a turn begins.
-- Returns for each: conversation, how many are ahead of it, its mail from the head.
--
-- KEYS  1 waking   2 told   3 mailbox prefix
-- ARGV  1 ms after which it is long   2 how many to look at   3 how many entries of mail

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local found = {}
local long = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[1], 'LIMIT', 0, ARGV[2])
for ahead, conversation in ipairs(long) do
  if redis.call('HSETNX', KEYS[2], conversation, now) == 1 then
    local mail = redis.call('LRANGE', KEYS[3] .. conversation, 0, ARGV[3] - 1)
    found[#found + 1] = {conversation, ahead - 1, mail}
  end
end
return found
