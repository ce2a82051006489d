-- Give the next place in line to a revision. Places are as close together as the platform allows in
-- a second while the bucket of the minute is rather empty. As it fills they move apart, until it
-- lasts: for as long as none of its calls leaves the window, and then for ever. So many streams slow
-- down together, and none stops.
-- Returns in how many us the place comes.
--
-- KEYS  1 the bucket of the minute   2 when the next place is, in us, and the rate of the last ones
-- ARGV  1 window in ms   2 calls that it may hold   3 calls that may be made in a second
-- include window.lua

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local most, fastest = tonumber(ARGV[2]), tonumber(ARGV[3])
local window = ARGV[1] / 1000
local last = redis.call('GET', KEYS[2]) or '0 0'
local place = math.max(now, tonumber(last:match('^%d+')))
local ahead = (place - now) / 1000000
-- the places that were given and are still to come count as used
local held = shorten(KEYS[1], math.floor(now / 1000) - ARGV[1]) + ahead * last:match('%S+$')
local oldest = redis.call('LINDEX', KEYS[1], -1)
local left = math.max(0.001, (oldest and oldest / 1000 + window - now / 1000000 or window) - ahead)
local lasting = math.min(0.9 * most / window, math.max(1, most - held) / left)
-- how far it is to slow down: not at all while less than a sixth is used, wholly from a third on
local slow = math.min(1, math.max(0, (6 * held / most - 1)))
local rate = math.max(0.5, math.min(fastest, fastest + (lasting - fastest) * slow))

local following = place + 1000000 / rate
redis.call('SET', KEYS[2], string.format('%.0f %.3f', following, rate),
  'PX', string.format('%.0f', (following - now) / 1000 + 1000))
return place - now
