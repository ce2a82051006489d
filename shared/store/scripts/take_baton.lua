-- Take the baton if nobody has it, or keep it if the caller does.
-- Returns 2 if it was taken, 1 if it was kept, 0 if somebody else has it.
--
-- KEYS  1 beat
-- ARGV  1 caller   2 ms until it must be kept anew

local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return holder and 1 or 2
