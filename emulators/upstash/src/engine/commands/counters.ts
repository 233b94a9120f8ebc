import { type Bytes, RedisError, type Reply } from '../../reply.ts'
import { arg, type CommandTable } from '../command.ts'
import { formatSum, isInt64, NOT_A_FLOAT, parseFloatStrict, parseInt64 } from '../numbers.ts'
import type { Store } from '../store.ts'

/** Sums are exact in the store; a reply beyond 2^53 is rounded, as JSON readers would. */
function increment(store: Store, key: Bytes, by: bigint): Reply {
  const sum = parseInt64(store.read(key, 'string') ?? '0') + by
  if (!isInt64(sum)) throw new RedisError('ERR increment or decrement would overflow')
  store.update(key, sum.toString())
  return Number(sum)
}

function decrementBy(store: Store, args: readonly Bytes[]): Reply {
  const by = parseInt64(arg(args, 1))
  if (!isInt64(-by)) throw new RedisError('ERR decrement would overflow')
  return increment(store, arg(args, 0), -by)
}

function incrementByFloat(store: Store, args: readonly Bytes[]): Reply {
  const before = parseFloatStrict(store.read(arg(args, 0), 'string') ?? '0')
  const sum = formatSum(before + parseFloatStrict(arg(args, 1), NOT_A_FLOAT))
  store.update(arg(args, 0), sum)
  return sum
}

export const COUNTER_COMMANDS: CommandTable = {
  INCR: { arity: 2, run: (store, args) => increment(store, arg(args, 0), 1n) },
  DECR: { arity: 2, run: (store, args) => increment(store, arg(args, 0), -1n) },
  INCRBY: { arity: 3, run: (store, args) => increment(store, arg(args, 0), parseInt64(arg(args, 1))) },
  DECRBY: { arity: 3, run: decrementBy },
  INCRBYFLOAT: { arity: 3, run: incrementByFloat },
}
