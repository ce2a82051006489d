-- Add what a turn took to the accounts of a day, unless that was done before.
-- Returns 1, or 0 if it was.
--
-- KEYS  1 counted   2 account of the user   3 account of the chat   4 account of the tenant
-- ARGV  1 s to remember that it was   2 s to keep the accounts
--       then per model: name, tokens read, tokens written, price

if not redis.call('SET', KEYS[1], '', 'NX', 'EX', ARGV[1]) then
  return 0
end
for account = 2, 4 do
  for i = 3, #ARGV, 4 do
    redis.call('HINCRBY', KEYS[account], 'read:' .. ARGV[i], ARGV[i + 1])
    redis.call('HINCRBY', KEYS[account], 'wrote:' .. ARGV[i], ARGV[i + 2])
    redis.call('HINCRBY', KEYS[account], 'price:' .. ARGV[i], ARGV[i + 3])
  end
  redis.call('EXPIRE', KEYS[account], ARGV[2])
end
return 1
