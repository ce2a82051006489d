-- End a turn whose mail is done with: history grows, the mailbox shrinks, the lease ends, and
-- whoever has more mail is woken. All of it, or, when the lease is lost, none.
-- Returns 1, or 0 when the lease is lost.
--
-- KEYS  1 leases   2 running   3 attempts   4 taken   5 stops   6 answering   7 wakes   8 waking
--       9 woken   10 mailbox   11 history   12 dead-letters   13 dead-letter   14 draft prefix
-- ARGV  1 conversation   2 fence   3 wake's template   4 queue   5 how many entries are done with
--       6 how many exchanges the history grows by   7 how many are kept   8 seconds the history is kept
--       9 id of the dead letter they become ('' for none)   10 its head
--       11 '1' if what the history held before is forgotten   then the exchanges
-- include held.lua
-- include wake.lua

local conversation, done = ARGV[1], tonumber(ARGV[5])
if not held(KEYS[1], conversation, ARGV[2]) then
  return 0
end

if ARGV[11] == '1' then
  redis.call('DEL', KEYS[11])
end
if ARGV[6] ~= '0' then
  redis.call('RPUSH', KEYS[11], unpack(ARGV, 12))
  redis.call('LTRIM', KEYS[11], -ARGV[7], -1)
  redis.call('EXPIRE', KEYS[11], ARGV[8])
end

if ARGV[9] ~= '' then
  redis.call('ZADD', KEYS[12], now, ARGV[9])
  redis.call('HSET', KEYS[13], 'head', ARGV[10])
  for number, entry in ipairs(redis.call('LRANGE', KEYS[10], 0, done - 1)) do
    redis.call('HSET', KEYS[13], 'mail:' .. number, entry)
  end
end

local question = redis.call('HGET', KEYS[6], conversation)
if question and ARGV[9] == '' then
  redis.call('DEL', KEYS[14] .. question) -- whoever tries a dead letter again goes on with it
end
for key = 1, 6 do
  redis.call(key == 2 and 'ZREM' or 'HDEL', KEYS[key], conversation)
end
redis.call('LTRIM', KEYS[10], done, -1)
if redis.call('EXISTS', KEYS[10]) == 1 then
  wake({conversation}, ARGV[3], ARGV[4], KEYS[7], KEYS[8], KEYS[9])
end
return 1
