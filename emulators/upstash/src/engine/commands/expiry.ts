import { type Bytes, RedisError, type Reply } from '../../redis/reply.ts'
import { arg, type CommandTable } from '../command.ts'
import { parseInteger } from '../numbers.ts'
import type { Entry, Store } from '../store.ts'

function expire(unitMs: number) {
  return (store: Store, [key = '', time = '', option]: readonly Bytes[]): Reply => {
    const expiresAt = store.now + parseInteger(time) * unitMs
    if (option !== undefined) {
      throw new RedisError(`ERR Unsupported option ${option}: the in-process engine supports no expiry conditions`)
    }
    const entry = store.get(key)
    if (entry === undefined) return 0
    store.expireAt(key, entry, expiresAt)
    return 1
  }
}

/** -2 without the key, -1 without an expiry. */
function timeLeft({ now }: Store, entry: Entry | undefined): number {
  if (entry === undefined) return -2
  return entry.expiresAt === undefined ? -1 : entry.expiresAt - now
}

/** Rounds milliseconds to the nearest second, as Redis does. */
function inSeconds(milliseconds: number): number {
  return milliseconds < 0 ? milliseconds : Math.floor((milliseconds + 500) / 1000)
}

export const EXPIRY_COMMANDS: CommandTable = {
  EXPIRE: { arity: -3, run: expire(1000) },
  PEXPIRE: { arity: -3, run: expire(1) },
  TTL: { arity: 2, run: (store, args) => inSeconds(timeLeft(store, store.get(arg(args, 0)))) },
  PTTL: { arity: 2, run: (store, args) => timeLeft(store, store.get(arg(args, 0))) },
}
