-- Show a page of the conversations that are in one place. Writes nothing.
-- Returns {now in ms, how many are there, then per conversation: {name, score, entries of mail (-1
-- if its mailbox is no list), attempts, fence, first line of its oldest mail}}.
--
-- KEYS  1 the place: waking, running or deferred   2 leases   3 attempts   4 mailbox prefix
-- ARGV  1 how many to pass over   2 how many at most
-- include head.lua

local time = redis.call('TIME')
local shown = {time[1] * 1000 + math.floor(time[2] / 1000), redis.call('ZCARD', KEYS[1])}
local page = redis.call('ZRANGE', KEYS[1], ARGV[1], ARGV[1] + ARGV[2] - 1, 'WITHSCORES')
for i = 1, #page, 2 do
  local conversation = page[i]
  local length = redis.pcall('LLEN', KEYS[4] .. conversation)
  local mail = type(length) == 'number' and redis.call('LINDEX', KEYS[4] .. conversation, 0)
  shown[#shown + 1] = {
    conversation,
    page[i + 1],
    type(length) == 'number' and length or -1,
    tonumber(redis.call('HGET', KEYS[3], conversation) or 0),
    redis.call('HGET', KEYS[2], conversation),
    mail and head(mail) or '',
  }
end
return shown
