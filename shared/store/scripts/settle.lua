-- End a turn whose mail is done with: history grows, the mailbox shrinks, the lease ends, and
-- whoever has more mail is woken. All of it, or, when the lease is lost, none.
-- Returns 1, or 0 when the lease is lost.
--
-- KEYS  1 mailbox   2 waking   3 running   4 leases   5 attempts   6 turns   7 history
--       8 dead-letters
-- ARGV  1 conversation   2 fence   3 wake   4 exchange ('' for none)   5 exchanges kept
--       6 seconds the history is kept   7 dead letter ('' for none)

local conversation = ARGV[1]
if redis.call('HGET', KEYS[4], conversation) ~= ARGV[2] then
  return 0
end
if ARGV[4] ~= '' then
  redis.call('RPUSH', KEYS[7], ARGV[4])
  redis.call('LTRIM', KEYS[7], -ARGV[5], -1)
  redis.call('EXPIRE', KEYS[7], ARGV[6])
end
if ARGV[7] ~= '' then
  redis.call('RPUSH', KEYS[8], ARGV[7])
end
redis.call('HDEL', KEYS[4], conversation)
redis.call('HDEL', KEYS[5], conversation)
redis.call('ZREM', KEYS[3], conversation)
redis.call('LPOP', KEYS[1])
if redis.call('EXISTS', KEYS[1]) == 1 then
  local time = redis.call('TIME')
  redis.call('ZADD', KEYS[2], time[1] * 1000 + math.floor(time[2] / 1000), conversation)
  redis.call('LPUSH', KEYS[6], ARGV[3])
end
return 1
