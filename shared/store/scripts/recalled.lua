-- Tell which of some messages were recalled.
-- Returns 1 or 0 for each.
--
-- KEYS  1 recalled prefix
-- ARGV  messages

local found = {}
for place, message in ipairs(ARGV) do
  found[place] = redis.call('EXISTS', KEYS[1] .. message)
end
return found
