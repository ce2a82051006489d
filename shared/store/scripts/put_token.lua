-- Put a token that was fetched on the shelf, or nothing, and let others fetch again.
--
-- KEYS  1 token   2 fetching
-- ARGV  1 the token, or ''   2 ms it is good for
if ARGV[1] ~= '' then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
end
redis.call('DEL', KEYS[2])
return 0
