-- Ask that the turn which answers a question be stopped.
-- Returns 1, or 0 when no turn does.
--
-- KEYS  1 leases   2 stops   3 answering
-- ARGV  1 conversation   2 question

local fence = redis.call('HGET', KEYS[1], ARGV[1])
if not fence or redis.call('HGET', KEYS[3], ARGV[1]) ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[2], ARGV[1], fence)
return 1
