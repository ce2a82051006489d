-- Included by scripts that put conversations on their way. Defines `time` and `now` (ms), by the
-- server's clock, and `wake`.

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- Mark a conversation as waking, and push its wake: the one Celery wrote (`template`), with its
-- own ids. Its id is a UUIDv7 (RFC 9562): this moment, and a count where others have chance.
local function wake(conversation, template, queue, wakes, waking, woken)
  local moment = string.format('%012x', now)
  local id = string.format('%s-%s-7%03x-8000-%012x', string.sub(moment, 1, 8),
    string.sub(moment, 9), time[2] % 1000, redis.call('INCR', woken))
  local words = {conversation = conversation, queue = queue, id = id}
  redis.call('ZADD', waking, now, conversation)
  redis.call('LPUSH', wakes, (string.gsub(template, '%$(%l+)', words)))
end
