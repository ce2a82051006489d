-- Take in a batch of events: drop the known ones, file the others, wake whoever has new mail.
-- Returns one number per event: 1 accepted, 0 a duplicate.
--
-- KEYS  1 dedup prefix   2 turns   3 waking   then per event: mailbox
-- ARGV  1 seconds a fingerprint is kept at least
--       then per event: bucket and member of its id, bucket and member of its message ('' and ''
--                       if none), conversation, mail, wake
-- The buckets of two days, named by the server's clock, hold what was seen: no cleaning, no clock
-- of ours, and the same few look-ups whatever their size.

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local day = math.floor(time[1] / ARGV[1])
local today, yesterday = KEYS[1] .. day .. ':', KEYS[1] .. (day - 1) .. ':'
local lifetime = ARGV[1] * 2

local function known(bucket, member)
  local key = today .. bucket
  if redis.call('SADD', key, member) == 0 then
    return true
  end
  if redis.call('SCARD', key) == 1 then
    redis.call('EXPIRE', key, lifetime)
  end
  return redis.call('SISMEMBER', yesterday .. bucket, member) == 1
end

local verdicts = {}
for event = 1, #KEYS - 3 do
  local first = event * 7 - 5
  local duplicate = known(ARGV[first], ARGV[first + 1])
  if ARGV[first + 2] ~= '' then
    duplicate = known(ARGV[first + 2], ARGV[first + 3]) or duplicate
  end
  if not duplicate and redis.call('RPUSH', KEYS[3 + event], ARGV[first + 5]) == 1 then
    -- The mailbox was empty, so by the invariant nobody was on the way to it.
    redis.call('ZADD', KEYS[3], now, ARGV[first + 4])
    redis.call('LPUSH', KEYS[2], ARGV[first + 6])
  end
  verdicts[event] = duplicate and 0 or 1
end
return verdicts
