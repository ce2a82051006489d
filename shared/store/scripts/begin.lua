-- Take a conversation under a lease and look at the head of its mailbox.
-- Returns {fence, attempt, mail}, or nil when there is nothing to do: it is not waking, because it
-- runs elsewhere, is deferred, or has no mail (a duplicate wake).
--
-- KEYS  1 mailbox   2 waking   3 running   4 leases   5 attempts   6 fence
-- ARGV  1 conversation   2 lease in ms

local conversation = ARGV[1]
if not redis.call('ZSCORE', KEYS[2], conversation) then
  return nil
end
local mail = redis.call('LINDEX', KEYS[1], 0)
redis.call('ZREM', KEYS[2], conversation)
if not mail then
  return nil
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local fence = redis.call('INCR', KEYS[6])
redis.call('HSET', KEYS[4], conversation, fence)
redis.call('ZADD', KEYS[3], now + ARGV[2], conversation)
return {fence, redis.call('HINCRBY', KEYS[5], conversation, 1), mail}
