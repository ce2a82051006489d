-- Show one dead letter. Writes nothing.
-- Returns {now in ms, ms when it was given up on, its head, entries of mail, mail: {first line,
-- bytes, all of it if asked for, ...}}, or nil when there is no such letter.
--
-- KEYS  1 dead-letters   2 dead-letter
-- ARGV  1 id   2 how many entries of mail at most   3 1 with their content, else 0
-- include head.lua

local buried = redis.call('ZSCORE', KEYS[1], ARGV[1])
local fields = redis.call('HLEN', KEYS[2])
if not buried and fields == 0 then
  return nil
end
local time = redis.call('TIME')
local told = redis.call('HGET', KEYS[2], 'head')
local mail = {}
for number = 1, tonumber(ARGV[2]) do
  local entry = redis.call('HGET', KEYS[2], 'mail:' .. number)
  if not entry then
    break
  end
  mail[#mail + 1] = head(entry)
  mail[#mail + 1] = #entry
  mail[#mail + 1] = ARGV[3] == '1' and entry
end
return {
  time[1] * 1000 + math.floor(time[2] / 1000),
  buried,
  told,
  told and fields - 1 or fields,
  mail,
}
