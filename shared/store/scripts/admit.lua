-- Admit calls, one after the other, or say how long each has to wait. Each bucket keeps when its last
-- calls were; a call is admitted if in every bucket of it fewer than its share were within the
-- window. So no window of that length, wherever it begins, ever holds more.
-- Returns per call 0 and 0 if it is admitted, else for how many ms it is not, and which of its
-- buckets says so.
--
-- KEYS  1 bucket prefix   2 pause prefix
-- ARGV  per call: how many buckets, then per bucket: name, window in ms, how many calls are kept,
--       this one's share of them
-- include window.lua

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function waits(first, last)
  local wait, which = 0, 0
  for i = first, last, 4 do
    local ms = redis.call('PTTL', KEYS[2] .. ARGV[i])
    local earlier = redis.call('LINDEX', KEYS[1] .. ARGV[i], ARGV[i + 3] - 1)
    if earlier then
      ms = math.max(ms, earlier + ARGV[i + 1] - now)
    end
    if ms > wait then
      wait, which = ms, (i - first) / 4 + 1
    end
  end
  return wait, which
end

local function count(first, last)
  for i = first, last, 4 do
    local bucket = KEYS[1] .. ARGV[i]
    redis.call('LPUSH', bucket, now)
    shorten(bucket, now - ARGV[i + 1])
    redis.call('PEXPIRE', bucket, ARGV[i + 1])
  end
end

local answers, place = {}, 1
while ARGV[place] do
  local first, last = place + 1, place + 4 * ARGV[place]
  local wait, which = waits(first, last)
  if wait == 0 then
    count(first, last)
  end
  answers[#answers + 1], answers[#answers + 2] = wait, which
  place = last + 1
end
return answers
