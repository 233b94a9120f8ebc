import { type Bytes, OK, RedisError, type Reply } from '../../reply.ts'
import { arg, type CommandTable, Options, pairs, syntaxError } from '../command.ts'
import { isExpiryOption, parsePositiveExpiry } from '../expiry.ts'
import { parseInteger } from '../numbers.ts'
import { inclusiveSlice } from '../slice.ts'
import type { Store } from '../store.ts'
import { set } from './set.ts'

const LARGEST_STRING = 512 * 1024 * 1024

const read = (store: Store, key: Bytes) => store.read(key, 'string')

function setWithExpiry(option: 'EX' | 'PX', command: string) {
  return (store: Store, args: readonly Bytes[]): Reply => {
    const expiresAt = parsePositiveExpiry(option, arg(args, 1), store.now, command)
    store.set(arg(args, 0), 'string', arg(args, 2), expiresAt)
    return OK
  }
}

function setIfAbsent(store: Store, args: readonly Bytes[]): Reply {
  if (store.get(arg(args, 0)) !== undefined) return 0
  store.set(arg(args, 0), 'string', arg(args, 1))
  return 1
}

function setMany(store: Store, args: readonly Bytes[]): Reply {
  for (const [key, value] of pairs(args, 'mset')) store.set(key, 'string', value)
  return OK
}

function setManyIfAbsent(store: Store, args: readonly Bytes[]): Reply {
  const given = pairs(args, 'msetnx')
  if (given.some(([key]) => store.get(key) !== undefined)) return 0
  for (const [key, value] of given) store.set(key, 'string', value)
  return 1
}

function getMany(store: Store, keys: readonly Bytes[]): Reply {
  return keys.map((key) => {
    const entry = store.get(key)
    return entry?.type === 'string' ? entry.value : null
  })
}

function getAndSet(store: Store, args: readonly Bytes[]): Reply {
  const before = read(store, arg(args, 0)) ?? null
  store.set(arg(args, 0), 'string', arg(args, 1))
  return before
}

function getAndDelete(store: Store, [key = '']: readonly Bytes[]): Reply {
  const value = read(store, key) ?? null
  store.delete(key)
  return value
}

function getAndExpire(store: Store, [key = '', ...rest]: readonly Bytes[]): Reply {
  const options = new Options(rest)
  const option = options.next()
  let expiresAt: number | undefined
  if (option !== undefined && isExpiryOption(option)) {
    expiresAt = parsePositiveExpiry(option, options.value(), store.now, 'getex')
  } else if (option !== undefined && option !== 'PERSIST') throw syntaxError()
  if (options.next() !== undefined) throw syntaxError()
  const value = read(store, key) ?? null
  const entry = store.get(key)
  if (entry !== undefined && option !== undefined) store.expireAt(key, entry, expiresAt)
  return value
}

function append(store: Store, args: readonly Bytes[]): Reply {
  const value = (read(store, arg(args, 0)) ?? '') + arg(args, 1)
  store.update(arg(args, 0), value)
  return value.length
}

function getRange(store: Store, args: readonly Bytes[]): Reply {
  const [start, end] = [parseInteger(arg(args, 1)), parseInteger(arg(args, 2))]
  return inclusiveSlice(read(store, arg(args, 0)) ?? '', start, end)
}

function setRange(store: Store, args: readonly Bytes[]): Reply {
  const [key, offset, patch] = [arg(args, 0), parseInteger(arg(args, 1)), arg(args, 2)]
  if (offset < 0) throw new RedisError('ERR offset is out of range')
  if (offset + patch.length > LARGEST_STRING) {
    throw new RedisError('ERR string exceeds maximum allowed size (proto-max-bulk-len)')
  }
  const value = read(store, key) ?? ''
  if (patch === '') return value.length
  const changed = value.slice(0, offset).padEnd(offset, '\0') + patch + value.slice(offset + patch.length)
  store.update(key, changed)
  return changed.length
}

export const STRING_COMMANDS: CommandTable = {
  GET: { arity: 2, run: (store, args) => read(store, arg(args, 0)) ?? null },
  SET: { arity: -3, run: set },
  MGET: { arity: -2, run: getMany },
  MSET: { arity: -3, run: setMany },
  MSETNX: { arity: -3, run: setManyIfAbsent },
  SETNX: { arity: 3, run: setIfAbsent },
  SETEX: { arity: 4, run: setWithExpiry('EX', 'setex') },
  PSETEX: { arity: 4, run: setWithExpiry('PX', 'psetex') },
  GETSET: { arity: 3, run: getAndSet },
  GETDEL: { arity: 2, run: getAndDelete },
  GETEX: { arity: -2, run: getAndExpire },
  APPEND: { arity: 3, run: append },
  STRLEN: { arity: 2, run: (store, args) => (read(store, arg(args, 0)) ?? '').length },
  GETRANGE: { arity: 4, run: getRange },
  SETRANGE: { arity: 4, run: setRange },
}
