import { type Bytes, OK, RedisError, type Reply } from '../../redis/reply.ts'
import { arg, syntaxError } from '../command.ts'
import { parseInteger } from '../numbers.ts'
import type { Store } from '../store.ts'

const UNIT_MS = { EX: 1000, PX: 1 } as const

type SetOptions = { condition?: 'NX' | 'XX'; expiresAt?: number }

/** SET with NX or XX, and EX or PX. */
export function set(store: Store, [key = '', value = '', ...rest]: readonly Bytes[]): Reply {
  const { condition, expiresAt } = parseOptions(rest, store.now)
  const exists = store.get(key) !== undefined
  if (condition === (exists ? 'NX' : 'XX')) return null
  store.set(key, value, expiresAt)
  return OK
}

function parseOptions(args: readonly Bytes[], now: number): SetOptions {
  const parsed: SetOptions = {}
  for (let at = 0; at < args.length; at += 1) {
    const option = arg(args, at).toUpperCase()
    if (option === 'NX' || option === 'XX') {
      if (parsed.condition !== undefined && parsed.condition !== option) throw syntaxError()
      parsed.condition = option
    } else if (option === 'EX' || option === 'PX') {
      if (parsed.expiresAt !== undefined) throw syntaxError()
      at += 1
      parsed.expiresAt = now + parsePositive(arg(args, at)) * UNIT_MS[option]
    } else throw syntaxError("the in-process engine's SET supports EX, PX, NX and XX only")
  }
  return parsed
}

function parsePositive(time: Bytes): number {
  const value = parseInteger(time)
  if (value <= 0) throw new RedisError("ERR invalid expire time in 'set' command")
  return value
}
