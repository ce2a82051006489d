-- Take a conversation under a lease, and mail from the head of its mailbox: one entry, or several
-- in a row that may be answered together. A turn that is tried again takes what it took before.
-- Returns {fence, attempt, {mail...}}, or nil when there is nothing to do: it is not waking,
-- because it runs elsewhere, is deferred, or has no mail (a duplicate wake).
--
-- KEYS  1 waking   2 running   3 leases   4 attempts   5 taken   6 stops   7 told   8 fence
--       9 mailbox
-- ARGV  1 conversation   2 lease in ms   3 how many entries at most   4 type of event that may be
--       taken together

local conversation = ARGV[1]
if not redis.call('ZSCORE', KEYS[1], conversation) then
  return nil
end

local function together(entry)
  local read, head = pcall(cjson.decode, string.match(entry, '^[^\n]*'))
  return read and type(head) == 'table' and head.event_type == ARGV[4]
end

local taken = tonumber(redis.call('HGET', KEYS[5], conversation))
local mail = redis.call('LRANGE', KEYS[9], 0, (taken or ARGV[3]) - 1)
redis.call('ZREM', KEYS[1], conversation)
if #mail == 0 then
  return nil
end
if not taken then
  taken = 1
  if together(mail[1]) then
    while taken < #mail and together(mail[taken + 1]) do
      taken = taken + 1
    end
  end
  mail = {unpack(mail, 1, taken)}
  redis.call('HSET', KEYS[5], conversation, taken)
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
-- No less than the time in microseconds, so that it grows even where Redis has lost what it knew:
-- the holder of an older fence is then a stranger still.
local fence = math.max((tonumber(redis.call('GET', KEYS[8])) or 0) + 1, time[1] * 1e6 + time[2])
redis.call('SET', KEYS[8], fence)
redis.call('HSET', KEYS[3], conversation, fence)
redis.call('HDEL', KEYS[6], conversation)
redis.call('HDEL', KEYS[7], conversation)
redis.call('ZADD', KEYS[2], now + ARGV[2], conversation)
return {fence, redis.call('HINCRBY', KEYS[4], conversation, 1), mail}
