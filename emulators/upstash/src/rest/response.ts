import { type Bytes, RedisError, type Reply, Status, toText } from '../redis/reply.ts'

export type Encoding = 'text' | 'base64'

export type ResultBody = { result: unknown } | { error: string }

/** A reply in the REST protocol: `{"result": …}`, or `{"error": …}` for a refusal. */
export function resultBody(reply: Reply, encoding: Encoding): ResultBody {
  return reply instanceof RedisError ? { error: toText(reply.message) } : { result: json(reply, encoding) }
}

function json(reply: Reply, encoding: Encoding): unknown {
  if (reply === null || typeof reply === 'number') return reply
  if (typeof reply === 'string') return encoded(reply, encoding)
  if (Array.isArray(reply)) return reply.map((item) => nested(item, encoding))
  if (reply instanceof RedisError) return encoded(reply.message, encoding)
  return reply.text === 'OK' ? 'OK' : encoded(reply.text, encoding)
}

/** Encodes even `OK` inside a list, because the client decodes every string there. */
function nested(reply: Reply, encoding: Encoding): unknown {
  return reply instanceof Status ? encoded(reply.text, encoding) : json(reply, encoding)
}

function encoded(bytes: Bytes, encoding: Encoding): string {
  return encoding === 'base64' ? Buffer.from(bytes, 'latin1').toString('base64') : toText(bytes)
}
