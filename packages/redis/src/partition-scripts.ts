/**
 * All of a partition lies under one hash tag, so that one script may touch it: a script is all or nothing to every other client.
 *
 * KEYS: meta (hash: token, logId, offset) · entries (hash: key → value, of entries without a group) · groupOf (hash: key → group) ·
 * groups (set of names) · expiries (sorted set: key by time). ARGV[1] is the stem of the groups' own hashes (key → value).
 * One hash holds a partition's entries because fields cost half of what keys cost and one DEL forgets them all; fields cannot expire
 * before Redis 7.4, so a store sweeps what is due.
 */
const COMMON = `
local meta, entries, groupOf, groups, expiries = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local stem = ARGV[1]
local function forget(key)
  local group = redis.call('HGET', groupOf, key)
  if not group then redis.call('HDEL', entries, key) return end
  redis.call('HDEL', stem .. group, key)
  redis.call('HDEL', groupOf, key)
  if redis.call('EXISTS', stem .. group) == 0 then redis.call('SREM', groups, group) end
end
`

/** ARGV: stem, token. Answers {logId, offset}. */
export const CLAIM = `${COMMON}
redis.call('HSET', meta, 'token', ARGV[2])
return redis.call('HMGET', meta, 'logId', 'offset')
`

/** ARGV: stem, count of keys, keys…, groups…. Answers {{token, logId, offset}, values, entries of each group}. */
export const LOAD = `${COMMON}
local count = tonumber(ARGV[2])
local values = {}
for from = 1, count, 1000 do
  local found = redis.call('HMGET', entries, unpack(ARGV, from + 2, math.min(from + 999, count) + 2))
  for i = 1, #found do values[from + i - 1] = found[i] end
end
if redis.call('EXISTS', groupOf) == 1 then
  for i = 1, count do
    local group = not values[i] and redis.call('HGET', groupOf, ARGV[i + 2])
    if group then values[i] = redis.call('HGET', stem .. group, ARGV[i + 2]) end
  end
end
local members = {}
for i = count + 3, #ARGV do members[#members + 1] = redis.call('HGETALL', stem .. ARGV[i]) end
return {redis.call('HMGET', meta, 'token', 'logId', 'offset'), values, members}
`

/**
 * ARGV: stem, expected token, expected logId, expected offset, logId, offset (an empty logId: no position), how many to sweep, then for
 * each put: key, value, '1' to remove, group, time of expiry (empty: none). Answers 1, or 0 when refused.
 */
export const STORE = `${COMMON}
local seen = redis.call('HMGET', meta, 'token', 'logId', 'offset')
if seen[1] ~= ARGV[2] or (seen[2] or '') ~= ARGV[3] or (seen[3] or '') ~= ARGV[4] then return 0 end
local now = redis.call('TIME')
local due = redis.call('ZRANGEBYSCORE', expiries, '-inf', now[1] .. string.sub(1000000 + now[2], 2, 4), 'LIMIT', 0, ARGV[7])
for _, key in ipairs(due) do
  forget(key)
  redis.call('ZREM', expiries, key)
end
for i = 8, #ARGV, 5 do
  local key, value, removes, group, expiresAt = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4]
  local before = redis.call('HGET', groupOf, key)
  if removes == '1' or (before or '') ~= group then forget(key) end
  if removes ~= '1' then
    if group == '' then
      redis.call('HSET', entries, key, value)
    else
      redis.call('HSET', stem .. group, key, value)
      redis.call('HSET', groupOf, key, group)
      redis.call('SADD', groups, group)
    end
  end
  if removes == '1' or expiresAt == '' then
    redis.call('ZREM', expiries, key)
  else
    redis.call('ZADD', expiries, expiresAt, key)
  end
end
if ARGV[5] == '' then
  redis.call('HDEL', meta, 'logId', 'offset')
else
  redis.call('HSET', meta, 'logId', ARGV[5], 'offset', ARGV[6])
end
return 1
`

/** ARGV: stem, token. Answers 1, or 0 when the token is another's. */
export const CLEAR = `${COMMON}
if redis.call('HGET', meta, 'token') ~= ARGV[2] then return 0 end
for _, group in ipairs(redis.call('SMEMBERS', groups)) do redis.call('UNLINK', stem .. group) end
redis.call('UNLINK', entries, groupOf, groups, expiries)
redis.call('HDEL', meta, 'logId', 'offset')
return 1
`
