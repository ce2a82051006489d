-- Say which format of the keyspace is written here from now on; a newer one stays.
-- Returns the format that stands now.
--
-- KEYS  1 format
-- ARGV  1 the caller's format

local stands = tonumber(redis.call('GET', KEYS[1])) or 0
if stands < tonumber(ARGV[1]) then
  redis.call('SET', KEYS[1], ARGV[1])
  return tonumber(ARGV[1])
end
return stands
