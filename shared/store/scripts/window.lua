-- Drop from a bucket the calls that were made up to a time, and return how many remain.
local function shorten(bucket, time)
  local oldest = redis.call('LINDEX', bucket, -1)
  while oldest and tonumber(oldest) <= time do
    redis.call('RPOP', bucket)
    oldest = redis.call('LINDEX', bucket, -1)
  end
  return redis.call('LLEN', bucket)
end
