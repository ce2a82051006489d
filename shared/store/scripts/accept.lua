-- Take in a batch of events: drop the known ones, file the others, wake whoever has new mail.
-- Returns one number per event: 1 accepted, 0 a duplicate.
--
-- KEYS  1 dedup prefix   2 turns   3 waking   then per event: mailbox
-- ARGV  1 seconds a fingerprint is kept at least
--       then per event: fingerprint of its id, fingerprint of its message ('' if none),
--                       conversation, mail, wake
-- The sets of two days, named by the server's clock, hold what was seen: no cleaning, no clock
-- of ours, and two look-ups whatever their size.

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local day = math.floor(time[1] / ARGV[1])
local today, yesterday = KEYS[1] .. day, KEYS[1] .. (day - 1)

local function seen(fingerprint)
  return fingerprint ~= '' and (redis.call('SISMEMBER', today, fingerprint) == 1
    or redis.call('SISMEMBER', yesterday, fingerprint) == 1)
end

local verdicts = {}
for event = 1, #KEYS - 3 do
  local first = 2 + (event - 1) * 5
  local id, message = ARGV[first], ARGV[first + 1]
  local known = seen(id) or seen(message)
  redis.call('SADD', today, id)
  if message ~= '' then
    redis.call('SADD', today, message)
  end
  if not known and redis.call('RPUSH', KEYS[3 + event], ARGV[first + 3]) == 1 then
    -- The mailbox was empty, so by the invariant nobody was on the way to it.
    redis.call('ZADD', KEYS[3], now, ARGV[first + 2])
    redis.call('LPUSH', KEYS[2], ARGV[first + 4])
  end
  verdicts[event] = known and 0 or 1
end
redis.call('EXPIRE', today, ARGV[1] * 2)
return verdicts
