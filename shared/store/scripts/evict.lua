-- Take a conversation from whoever runs it, who finds the lease lost, or end its waiting for a
-- retry: the same mail comes again at once. An attempt that is cut short does not count.
-- Returns where it was: 'running', 'deferred', 'waiting' (nothing was done), or '' (it has no mail).
--
-- KEYS  1 leases   2 running   3 deferred   4 attempts   5 wakes   6 waking   7 woken
-- ARGV  1 conversation   2 wake's template   3 queue
-- include wake.lua

local conversation = ARGV[1]
local was = ''
if redis.call('ZREM', KEYS[2], conversation) == 1 then
  was = 'running'
  redis.call('HDEL', KEYS[1], conversation)
  redis.call('HINCRBY', KEYS[4], conversation, -1)
elseif redis.call('ZREM', KEYS[3], conversation) == 1 then
  was = 'deferred'
elseif redis.call('ZSCORE', KEYS[6], conversation) then
  return 'waiting'
else
  return ''
end
wake({conversation}, ARGV[2], ARGV[3], KEYS[5], KEYS[6], KEYS[7])
return was
