import { type Bytes, OK, RedisError, type Reply } from '../../reply.ts'
import { arg, type CommandTable, pairs } from '../command.ts'
import { formatSum, isInt64, parseFloatStrict, parseInt64 } from '../numbers.ts'
import type { Store } from '../store.ts'
import { scanAll } from './scan.ts'

const NOTHING: ReadonlyMap<Bytes, Bytes> = new Map()

const read = (store: Store, key: Bytes) => store.read(key, 'hash') ?? NOTHING
const readOrCreate = (store: Store, key: Bytes) => store.readOrCreate(key, 'hash', () => new Map())

function setFields(command: string) {
  return (store: Store, [key = '', ...rest]: readonly Bytes[]): number => {
    const given = pairs(rest, command)
    const hash = readOrCreate(store, key)
    const before = hash.size
    for (const [field, value] of given) hash.set(field, value)
    return hash.size - before
  }
}

function setFieldsAnsweringOk(store: Store, args: readonly Bytes[]): Reply {
  setFields('hmset')(store, args)
  return OK
}

function setFieldIfAbsent(store: Store, args: readonly Bytes[]): Reply {
  if (read(store, arg(args, 0)).has(arg(args, 1))) return 0
  readOrCreate(store, arg(args, 0)).set(arg(args, 1), arg(args, 2))
  return 1
}

function getFields(store: Store, [key = '', ...fields]: readonly Bytes[]): Reply {
  const hash = read(store, key)
  return fields.map((field) => hash.get(field) ?? null)
}

function deleteFields(store: Store, [key = '', ...fields]: readonly Bytes[]): Reply {
  const hash = store.read(key, 'hash')
  const deleted = fields.filter((field) => hash?.delete(field)).length
  store.deleteIfEmpty(key)
  return deleted
}

function incrementField(store: Store, args: readonly Bytes[]): Reply {
  const [key, field, by] = [arg(args, 0), arg(args, 1), parseInt64(arg(args, 2))]
  const sum = parseInt64(read(store, key).get(field) ?? '0', 'ERR hash value is not an integer') + by
  if (!isInt64(sum)) throw new RedisError('ERR increment or decrement would overflow')
  readOrCreate(store, key).set(field, sum.toString())
  return Number(sum)
}

function incrementFieldByFloat(store: Store, args: readonly Bytes[]): Reply {
  const [key, field, by] = [arg(args, 0), arg(args, 1), parseFloatStrict(arg(args, 2))]
  const sum = formatSum(parseFloatStrict(read(store, key).get(field) ?? '0', 'ERR hash value is not a float') + by)
  readOrCreate(store, key).set(field, sum)
  return sum
}

export const HASH_COMMANDS: CommandTable = {
  HSET: { arity: -4, run: setFields('hset') },
  HMSET: { arity: -4, run: setFieldsAnsweringOk },
  HSETNX: { arity: 4, run: setFieldIfAbsent },
  HGET: { arity: 3, run: (store, args) => read(store, arg(args, 0)).get(arg(args, 1)) ?? null },
  HMGET: { arity: -3, run: getFields },
  HGETALL: { arity: 2, run: (store, args) => [...read(store, arg(args, 0))].flat() },
  HDEL: { arity: -3, run: deleteFields },
  HEXISTS: { arity: 3, run: (store, args) => Number(read(store, arg(args, 0)).has(arg(args, 1))) },
  HLEN: { arity: 2, run: (store, args) => read(store, arg(args, 0)).size },
  HSTRLEN: { arity: 3, run: (store, args) => (read(store, arg(args, 0)).get(arg(args, 1)) ?? '').length },
  HKEYS: { arity: 2, run: (store, args) => [...read(store, arg(args, 0)).keys()] },
  HVALS: { arity: 2, run: (store, args) => [...read(store, arg(args, 0)).values()] },
  HINCRBY: { arity: 4, run: incrementField },
  HINCRBYFLOAT: { arity: 4, run: incrementFieldByFloat },
  HSCAN: { arity: -3, run: (store, [key = '', ...rest]) => scanAll(read(store, key), rest) },
}
