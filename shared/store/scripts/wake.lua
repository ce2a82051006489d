-- Included by scripts that put conversations on their way. Defines `time` and `now` (ms), by the
-- server's clock, and `wake`.

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- What the task of a wake is named (shared/model/queue.py): it tells what kind of mail there is.
local tasks = {
  approval = 'event approval', presses = 'event press', send = 'event send',
  schedule = 'event schedule',
}

local function task(conversation, queue)
  if queue == 'turns' then
    return 'turn'
  end
  return tasks[string.match(conversation, '^(%l+):')] or 'event'
end

-- Mark conversations as waking, in their order (to the microsecond, for several come within one
-- millisecond), and push a wake for each: the one Celery wrote (`template`), with its own ids. Its
-- id is a UUIDv7 (RFC 9562): this moment, and a count where others have chance.
local function wake(conversations, template, queue, wakes, waking, woken)
  if #conversations == 0 then
    return
  end
  local texts, places = {}, {id = {}, conversation = {}, task = {}}
  local rest = string.gsub(template, '(.-)%$(%l+)', function(text, name)
    texts[#texts + 1] = text
    texts[#texts + 1] = queue
    if places[name] then
      table.insert(places[name], #texts)
    end
    return ''
  end)
  texts[#texts + 1] = rest

  local moment = string.format('%012x', now)
  local stem = string.format('%s-%s-7%03x-8000-', string.sub(moment, 1, 8), string.sub(moment, 9),
    time[2] % 1000)
  local before = redis.call('INCRBY', woken, #conversations) - #conversations
  local marks, pushed = {}, {}
  for number, conversation in ipairs(conversations) do
    local id = stem .. string.format('%012x', before + number)
    for _, place in ipairs(places.id) do
      texts[place] = id
    end
    for _, place in ipairs(places.conversation) do
      texts[place] = conversation
    end
    for _, place in ipairs(places.task) do
      texts[place] = task(conversation, queue)
    end
    pushed[number] = table.concat(texts)
    marks[number * 2 - 1] = now + (time[2] % 1000 + number) / 1000
    marks[number * 2] = conversation
  end
  redis.call('ZADD', waking, unpack(marks))
  redis.call('LPUSH', wakes, unpack(pushed))
end
