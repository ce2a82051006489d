-- End a turn whose mail is done with: history grows, the mailbox shrinks, the lease ends, and
-- whoever has more mail is woken. All of it, or, when the lease is lost, none.
-- Returns 1, or 0 when the lease is lost.
--
-- KEYS  1 turns   2 waking   3 woken   4 running   5 leases   6 attempts   7 mailbox   8 history
--       9 dead-letters
-- ARGV  1 conversation   2 fence   3 wake's template   4 exchange ('' for none)
--       5 exchanges kept   6 seconds the history is kept   7 dead letter ('' for none)
-- include wake.lua

local conversation = ARGV[1]
if redis.call('HGET', KEYS[5], conversation) ~= ARGV[2] then
  return 0
end
if ARGV[4] ~= '' then
  redis.call('RPUSH', KEYS[8], ARGV[4])
  redis.call('LTRIM', KEYS[8], -ARGV[5], -1)
  redis.call('EXPIRE', KEYS[8], ARGV[6])
end
if ARGV[7] ~= '' then
  redis.call('RPUSH', KEYS[9], ARGV[7])
end
redis.call('HDEL', KEYS[5], conversation)
redis.call('HDEL', KEYS[6], conversation)
redis.call('ZREM', KEYS[4], conversation)
redis.call('LPOP', KEYS[7])
if redis.call('EXISTS', KEYS[7]) == 1 then
  wake({conversation}, ARGV[3], KEYS[1], KEYS[2], KEYS[3])
end
return 1
