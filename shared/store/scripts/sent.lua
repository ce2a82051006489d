-- Look up what was sent under an idempotency key, on behalf of a turn that is about to send.
-- Returns the message ('' for none), or nil when the lease is lost.
--
-- KEYS  1 leases   2 sent
-- ARGV  1 conversation   2 fence
-- include held.lua

if not held(KEYS[1], ARGV[1], ARGV[2]) then
  return nil
end
return redis.call('GET', KEYS[2]) or ''
