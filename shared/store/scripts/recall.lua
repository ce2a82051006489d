-- Note that a message was recalled, and ask that the turn which answers it be stopped.
-- Returns 1, or 0 when no turn does.
--
-- KEYS  1 leases   2 stops   3 answering   4 recalled
-- ARGV  1 message   2 seconds to remember it

redis.call('SET', KEYS[4], '', 'EX', ARGV[2])
local answering = redis.call('HGETALL', KEYS[3])
for i = 1, #answering, 2 do
  if answering[i + 1] == ARGV[1] then
    local fence = redis.call('HGET', KEYS[1], answering[i])
    if fence then
      redis.call('HSET', KEYS[2], answering[i], fence)
      return 1
    end
  end
end
return 0
