-- Give the baton up, if the caller has it.
--
-- KEYS  1 beat
-- ARGV  1 caller

if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('DEL', KEYS[1])
end
return 0
