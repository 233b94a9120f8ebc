import { type Bytes, type Command, RedisError, type Reply, Status, toText } from './reply.ts'

const LONGEST = 200
const MOST_ITEMS = '9'

/** How the beginning of a value is read, by type. */
const READS: Record<string, (key: Bytes) => Command> = {
  string: (key) => ['GETRANGE', key, '0', String(LONGEST)],
  hash: (key) => ['HGETALL', key],
  list: (key) => ['LRANGE', key, '0', MOST_ITEMS],
  set: (key) => ['SRANDMEMBER', key, String(Number(MOST_ITEMS) + 1)],
  zset: (key) => ['ZRANGE', key, '0', MOST_ITEMS, 'WITHSCORES'],
}

/** The beginning of a value as text for people; '' for types that are not known. */
export async function peek(run: (command: Command) => Promise<Reply>, key: Bytes, type: string): Promise<string> {
  const read = READS[type]
  if (read === undefined) return ''
  const text = shown(await run(read(key)))
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

function shown(reply: Reply): string {
  if (Array.isArray(reply)) return reply.map(shown).join(' ')
  if (typeof reply === 'string') return toText(reply)
  // It has expired since it was listed, or is of another type now.
  if (reply === null || reply instanceof RedisError) return ''
  return reply instanceof Status ? reply.text : String(reply)
}
