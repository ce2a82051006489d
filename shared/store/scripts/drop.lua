-- Forget a dead letter and its mail.
-- Returns 1, or 0 when there is no such letter.
--
-- KEYS  1 dead-letters   2 dead-letter
-- ARGV  1 id

local listed = redis.call('ZREM', KEYS[1], ARGV[1])
local kept = redis.call('DEL', KEYS[2])
return math.max(listed, kept)
