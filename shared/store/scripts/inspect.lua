-- Show all that is kept of one conversation, as of one moment. Writes nothing.
-- Returns {now in ms, score in waking, in running, in deferred, fence, attempts, taken, fence of the
-- turn that is to stop, question, ms when told, entries of mail (-1 if its mailbox is no list),
-- exchanges, draft: {card, message, generation, length of the answer}, mail: {first line, bytes,
-- all of it if asked for, ...}}, with nil for what there is none of.
--
-- KEYS  1 waking   2 running   3 deferred   4 leases   5 attempts   6 taken   7 stops   8 answering
--       9 told   10 mailbox   11 history   12 draft prefix
-- ARGV  1 conversation   2 how many entries of mail at most   3 1 with their content, else 0
-- include head.lua

local conversation = ARGV[1]
local time = redis.call('TIME')
local shown = {time[1] * 1000 + math.floor(time[2] / 1000)}
for key = 1, 9 do
  shown[key + 1] = redis.call(key <= 3 and 'ZSCORE' or 'HGET', KEYS[key], conversation)
end

local length = redis.pcall('LLEN', KEYS[10])
local filed = type(length) == 'number'
shown[11] = filed and length or -1
shown[12] = redis.call('LLEN', KEYS[11])

local draft = shown[9] and KEYS[12] .. shown[9]
shown[13] = false
if draft and redis.call('EXISTS', draft) == 1 then
  shown[13] = redis.call('HMGET', draft, 'card', 'message', 'generation')
  shown[13][4] = redis.call('HSTRLEN', draft, 'answer')
end

local mail = {}
for _, entry in ipairs(filed and redis.call('LRANGE', KEYS[10], 0, ARGV[2] - 1) or {}) do
  mail[#mail + 1] = head(entry)
  mail[#mail + 1] = #entry
  mail[#mail + 1] = ARGV[3] == '1' and entry
end
shown[14] = mail
return shown
