import { type Bytes, OK, type Reply } from '../../reply.ts'
import { Options, syntaxError } from '../command.ts'
import { isExpiryOption, parsePositiveExpiry } from '../expiry.ts'
import type { Store } from '../store.ts'

type SetOptions = { condition?: 'NX' | 'XX'; get: boolean; keepExpiry: boolean; expiresAt?: number }

/** SET with NX or XX, GET, and one of EX, PX, EXAT, PXAT, KEEPTTL. */
export function set(store: Store, [key = '', value = '', ...rest]: readonly Bytes[]): Reply {
  const options = parseOptions(rest, store.now)
  const before = options.get ? (store.read(key, 'string') ?? null) : null
  const entry = store.get(key)
  const refused = options.condition === 'NX' ? entry !== undefined : options.condition === 'XX' && entry === undefined
  if (!refused) {
    const expiresAt = options.keepExpiry ? entry?.expiresAt : options.expiresAt
    store.set(key, 'string', value, expiresAt)
    const written = store.get(key)
    if (written !== undefined && expiresAt !== undefined) store.expireAt(key, written, expiresAt)
  }
  if (options.get) return before
  return refused ? null : OK
}

function parseOptions(args: readonly Bytes[], now: number): SetOptions {
  const parsed: SetOptions = { get: false, keepExpiry: false }
  const options = new Options(args)
  for (let option = options.next(); option !== undefined; option = options.next()) {
    const expiryIsGiven = parsed.keepExpiry || parsed.expiresAt !== undefined
    if (option === 'GET') parsed.get = true
    else if ((option === 'NX' || option === 'XX') && (parsed.condition ?? option) === option) parsed.condition = option
    else if (option === 'KEEPTTL' && parsed.expiresAt === undefined) parsed.keepExpiry = true
    else if (isExpiryOption(option) && !expiryIsGiven) {
      parsed.expiresAt = parsePositiveExpiry(option, options.value(), now, 'set')
    } else throw syntaxError()
  }
  return parsed
}
