-- Add to the calls of a month, and return how many it has.
--
-- KEYS  1 calls of the month
-- ARGV  1 how many to add   2 s to keep it
local total = redis.call('INCRBY', KEYS[1], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
return total
