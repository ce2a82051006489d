-- Read accounts of days, as of one moment. Writes nothing.
-- Returns for each its fields and their values in turn.
--
-- KEYS  1 account prefix
-- ARGV  day and account, any number of them

local found = {}
for i = 1, #ARGV do
  found[i] = redis.call('HGETALL', KEYS[1] .. ARGV[i])
end
return found
