/**
 * One change, all or nothing: compared with what the writer has read, written, put into the indexes, counted, and told in the
 * stream. It reads no JSON: Redis' own reader of it changes numbers and empty lists.
 *
 * KEYS: task, index of all, index of the project before, index of the project now, counter, stream, known versions.
 * ARGV: what was read ("" for no task), what to write ("" to purge), id, score, version, "in" or "out" of the indexes, how many
 * entries the stream keeps, then names and values of its entry.
 * Gives DONE and the counter; EXISTS, MISSING or CONFLICT, and what is there.
 */
export const CHANGE_SCRIPT = `
local current = redis.call('GET', KEYS[1])
if ARGV[1] == '' then
  if current then return {'EXISTS', current} end
elseif not current then
  return {'MISSING', ''}
elseif current ~= ARGV[1] then
  return {'CONFLICT', current}
end
if ARGV[2] == '' then
  redis.call('DEL', KEYS[1])
  redis.call('HDEL', KEYS[7], ARGV[3])
else
  redis.call('SET', KEYS[1], ARGV[2])
  redis.call('HSET', KEYS[7], ARGV[3], ARGV[5])
end
redis.call('ZREM', KEYS[3], ARGV[3])
if ARGV[6] == 'in' then
  redis.call('ZADD', KEYS[2], ARGV[4], ARGV[3])
  redis.call('ZADD', KEYS[4], ARGV[4], ARGV[3])
else
  redis.call('ZREM', KEYS[2], ARGV[3])
end
local seq = redis.call('INCR', KEYS[5])
local entry = {'seq', seq}
for at = 8, #ARGV do entry[#entry + 1] = ARGV[at] end
redis.call('XADD', KEYS[6], 'MAXLEN', '~', ARGV[7], '*', unpack(entry))
return {'DONE', tostring(seq)}
`;
