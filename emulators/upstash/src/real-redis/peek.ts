import { SHOWN_CHARACTERS, shorten } from '../redis/backend.ts'
import { type Bytes, type Command, RedisError, type Reply, Status, toText } from '../redis/reply.ts'

const SHOWN_ITEMS = 10
/** Redis counts bytes, and a character has up to four in UTF-8. One more character shows that the value goes on. */
const SHOWN_BYTES = 4 * (SHOWN_CHARACTERS + 1)

/** The command that reads the start of a value, by type. */
const READS: Record<string, (key: Bytes) => Command> = {
  string: (key) => ['GETRANGE', key, '0', String(SHOWN_BYTES)],
  hash: (key) => ['HGETALL', key],
  list: (key) => ['LRANGE', key, '0', String(SHOWN_ITEMS - 1)],
  set: (key) => ['SRANDMEMBER', key, String(SHOWN_ITEMS)],
  zset: (key) => ['ZRANGE', key, '0', String(SHOWN_ITEMS - 1), 'WITHSCORES'],
}

/** The start of a value as text for people; '' for other types. */
export async function peek(run: (command: Command) => Promise<Reply>, key: Bytes, type: string): Promise<string> {
  const read = READS[type]
  return read === undefined ? '' : shorten(shown(await run(read(key))))
}

function shown(reply: Reply): string {
  if (Array.isArray(reply)) return reply.map(shown).join(' ')
  if (typeof reply === 'string') return toText(reply)
  // The key has expired or changed its type since it was listed.
  if (reply === null || reply instanceof RedisError) return ''
  return reply instanceof Status ? reply.text : String(reply)
}
