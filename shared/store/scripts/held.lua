-- Included by scripts that write for a turn. Defines `held`: whether the lease under this fence is
-- still its holder's. A script whose lease is lost writes nothing.

local function held(leases, conversation, fence)
  return redis.call('HGET', leases, conversation) == fence
end
