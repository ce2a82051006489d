-- Take in a batch of events: drop the known ones, file the others, wake whoever has new mail.
-- Returns one number per event: 1 accepted, 0 a duplicate, -1 its mailbox is no list.
--
-- KEYS  1 dedup prefix   2 mailbox prefix   3 woken   4 turns   5 turns:waking   6 events
--       7 events:waking
-- ARGV  1 seconds a fingerprint is kept at least   2 wake's template
--       then per event: bucket, fingerprint of its id, of its message ('' if none), queue,
--                       conversation, mail
-- The buckets of two days, named by the server's clock, hold what was seen: no cleaning, no clock
-- of ours, and the same few look-ups whatever their size.
-- include wake.lua

local day = math.floor(time[1] / ARGV[1])
local today, yesterday = KEYS[1] .. day .. ':', KEYS[1] .. (day - 1) .. ':'
local lifetime = ARGV[1] * 2

local function known(bucket, event, message)
  local key = today .. bucket
  local ids = message == '' and {event} or {event, message}
  if redis.call('SADD', key, unpack(ids)) < #ids then
    return true
  end
  if redis.call('SCARD', key) == #ids then
    redis.call('EXPIRE', key, lifetime)
  end
  local seen = redis.call('SMISMEMBER', yesterday .. bucket, unpack(ids))
  return seen[1] == 1 or seen[2] == 1
end

local due = {turns = {}, events = {}}

local function filed(queue, conversation, mail)
  local length = redis.pcall('RPUSH', KEYS[2] .. conversation, mail)
  if length == 1 then
    -- The mailbox was empty, so by the invariant nobody was on the way to it.
    table.insert(due[queue], conversation)
  end
  return type(length) == 'number'
end

local verdicts = {}
for first = 3, #ARGV, 6 do
  local bucket, event, message = ARGV[first], ARGV[first + 1], ARGV[first + 2]
  local verdict = 1
  if known(bucket, event, message) then
    verdict = 0
  elseif not filed(ARGV[first + 3], ARGV[first + 4], ARGV[first + 5]) then
    redis.call('SREM', today .. bucket, event, message) -- so that it may come again
    verdict = -1
  end
  verdicts[#verdicts + 1] = verdict
end
wake(due.turns, ARGV[2], 'turns', KEYS[4], KEYS[5], KEYS[3])
wake(due.events, ARGV[2], 'events', KEYS[6], KEYS[7], KEYS[3])
return verdicts
