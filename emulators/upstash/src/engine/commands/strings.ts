import { type Bytes, RedisError, type Reply } from '../../redis/reply.ts'
import { arg, type CommandTable } from '../command.ts'
import { isInt64, parseInt64 } from '../numbers.ts'
import type { Store } from '../store.ts'
import { set } from './set.ts'

const read = (store: Store, key: Bytes): Bytes | null => store.get(key)?.value ?? null

/** The stored sum is exact. A reply beyond 2^53 is rounded, as JSON readers would round it. */
function increment(store: Store, key: Bytes, by: bigint): Reply {
  const sum = parseInt64(read(store, key) ?? '0') + by
  if (!isInt64(sum)) throw new RedisError('ERR increment or decrement would overflow')
  store.update(key, sum.toString())
  return Number(sum)
}

export const STRING_COMMANDS: CommandTable = {
  GET: { arity: 2, run: (store, args) => read(store, arg(args, 0)) },
  SET: { arity: -3, run: set },
  MGET: { arity: -2, run: (store, keys) => keys.map((key) => read(store, key)) },
  INCR: { arity: 2, run: (store, args) => increment(store, arg(args, 0), 1n) },
  DECR: { arity: 2, run: (store, args) => increment(store, arg(args, 0), -1n) },
  INCRBY: { arity: 3, run: (store, args) => increment(store, arg(args, 0), parseInt64(arg(args, 1))) },
}
