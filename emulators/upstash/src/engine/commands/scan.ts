import { type Bytes, RedisError, type Reply } from '../../reply.ts'
import { Options, syntaxError } from '../command.ts'
import { globToRegExp } from '../glob.ts'
import { parseInteger } from '../numbers.ts'
import type { Store } from '../store.ts'

type ScanOptions = { match: RegExp | undefined; count: number; type: string | undefined }

/**
 * SCAN. The cursor is the id of the last key that was looked at, so keys that stay all along are each found once,
 * whatever is deleted between the calls.
 */
export function scan(store: Store, [cursor = '', ...rest]: readonly Bytes[]): Reply {
  const after = parseCursor(cursor)
  const { match, count, type } = parseOptions(rest, true)
  const found: Bytes[] = []
  let looked = 0
  let last = 0
  for (const [key, entry] of store.entries()) {
    if (entry.id <= after) continue
    if (looked === count) return [String(last), found]
    looked += 1
    last = entry.id
    if ((match?.test(key) ?? true) && (type === undefined || type === entry.type)) found.push(key)
  }
  return ['0', found]
}

/** HSCAN, SSCAN and ZSCAN answer all at once, as Redis does for small collections; each item starts with its name. */
export function scanAll(
  items: Iterable<readonly [Bytes, ...Bytes[]]>,
  [cursor = '', ...rest]: readonly Bytes[],
): Reply {
  parseCursor(cursor)
  const { match } = parseOptions(rest, false)
  return ['0', [...items].filter(([name]) => match?.test(name) ?? true).flat()]
}

function parseCursor(text: Bytes): number {
  if (!/^\d{1,20}$/.test(text)) throw new RedisError('ERR invalid cursor')
  return Number(text)
}

function parseOptions(args: readonly Bytes[], withType: boolean): ScanOptions {
  const parsed: ScanOptions = { match: undefined, count: 10, type: undefined }
  const options = new Options(args)
  for (let option = options.next(); option !== undefined; option = options.next()) {
    if (option === 'MATCH') parsed.match = globToRegExp(options.value())
    else if (option === 'COUNT') parsed.count = parseInteger(options.value())
    else if (option === 'TYPE' && withType) parsed.type = options.value().toLowerCase()
    else throw syntaxError()
    if (parsed.count < 1) throw syntaxError()
  }
  return parsed
}
