-- Take the fleet's token off the shelf, and find out whether to fetch another one.
-- Returns the token or '', for how many ms it is good, and 1 if the caller is to fetch.
--
-- KEYS  1 token   2 fetching
-- ARGV  1 a token that was refused, or ''   2 ms before its end from which on another one is
--       fetched   3 ms that whoever fetches may take
local token = redis.call('GET', KEYS[1]) or ''
if token ~= '' and token == ARGV[1] then
  redis.call('DEL', KEYS[1])
  token = ''
end
local good_for = math.max(redis.call('PTTL', KEYS[1]), 0)
local fetches = 0
if good_for < tonumber(ARGV[2]) and redis.call('SET', KEYS[2], '', 'NX', 'PX', ARGV[3]) then
  fetches = 1
end
return {token, good_for, fetches}
