import { type Bytes, OK, RedisError, type Reply } from '../../reply.ts'
import { arg, type CommandTable, syntaxError, wrongArity } from '../command.ts'
import { parseCount, parseInteger } from '../numbers.ts'
import { inclusiveSlice } from '../slice.ts'
import type { Store } from '../store.ts'

type Side = 'LEFT' | 'RIGHT'

const read = (store: Store, key: Bytes): readonly Bytes[] => store.read(key, 'list') ?? []

function push(side: Side, onlyIfPresent = false) {
  return (store: Store, [key = '', ...values]: readonly Bytes[]): Reply => {
    if (onlyIfPresent && store.read(key, 'list') === undefined) return 0
    const list = store.readOrCreate(key, 'list', () => [])
    for (const value of values) pushOne(list, side, value)
    return list.length
  }
}

function pushOne(list: Bytes[], side: Side, value: Bytes): void {
  if (side === 'LEFT') list.unshift(value)
  else list.push(value)
}

function pop(side: Side) {
  const command = side === 'LEFT' ? 'lpop' : 'rpop'
  return (store: Store, [key = '', countText, ...rest]: readonly Bytes[]): Reply => {
    if (rest.length > 0) throw wrongArity(command)
    const count = countText === undefined ? 1 : parseCount(countText)
    const list = store.read(key, 'list')
    if (list === undefined) return null
    const popped = side === 'LEFT' ? list.splice(0, count) : list.splice(Math.max(0, list.length - count)).reverse()
    store.deleteIfEmpty(key)
    return countText === undefined ? (popped[0] ?? null) : popped
  }
}

function range(store: Store, args: readonly Bytes[]): Bytes[] {
  const [start, end] = [parseInteger(arg(args, 1)), parseInteger(arg(args, 2))]
  return inclusiveSlice(read(store, arg(args, 0)), start, end)
}

function trim(store: Store, args: readonly Bytes[]): Reply {
  const key = arg(args, 0)
  const kept = range(store, args)
  const list = store.read(key, 'list')
  list?.splice(0, list.length, ...kept)
  store.deleteIfEmpty(key)
  return OK
}

function index(store: Store, args: readonly Bytes[]): Reply {
  const at = parseInteger(arg(args, 1))
  return read(store, arg(args, 0)).at(at) ?? null
}

function setAt(store: Store, args: readonly Bytes[]): Reply {
  const list = store.read(arg(args, 0), 'list')
  if (list === undefined) throw new RedisError('ERR no such key')
  const given = parseInteger(arg(args, 1))
  const at = given < 0 ? list.length + given : given
  if (list[at] === undefined) throw new RedisError('ERR index out of range')
  list[at] = arg(args, 2)
  return OK
}

/** A positive count removes from the left, a negative one from the right, zero all. */
function remove(store: Store, args: readonly Bytes[]): Reply {
  const [key, count, value] = [arg(args, 0), parseInteger(arg(args, 1)), arg(args, 2)]
  const list = store.read(key, 'list') ?? []
  const found = list.flatMap((item, at) => (item === value ? [at] : []))
  const doomed = count === 0 ? found : count > 0 ? found.slice(0, count) : found.slice(count)
  for (const at of doomed.reverse()) list.splice(at, 1)
  store.deleteIfEmpty(key)
  return doomed.length
}

function insert(store: Store, args: readonly Bytes[]): Reply {
  const where = arg(args, 1).toUpperCase()
  if (where !== 'BEFORE' && where !== 'AFTER') throw syntaxError()
  const list = store.read(arg(args, 0), 'list')
  if (list === undefined) return 0
  const pivot = list.indexOf(arg(args, 2))
  if (pivot < 0) return -1
  list.splice(where === 'BEFORE' ? pivot : pivot + 1, 0, arg(args, 3))
  return list.length
}

function parseSide(text: Bytes): Side {
  const side = text.toUpperCase()
  if (side !== 'LEFT' && side !== 'RIGHT') throw syntaxError()
  return side
}

function move(store: Store, args: readonly Bytes[]): Reply {
  const [from, to] = [arg(args, 0), arg(args, 1)]
  const [fromSide, toSide] = [parseSide(arg(args, 2)), parseSide(arg(args, 3))]
  const source = store.read(from, 'list')
  if (source === undefined) return null
  store.read(to, 'list')
  const value = (fromSide === 'LEFT' ? source.shift() : source.pop()) ?? ''
  // Moving within a list of one finds it still there: an empty list goes only now.
  pushOne(
    store.readOrCreate(to, 'list', () => []),
    toSide,
    value,
  )
  store.deleteIfEmpty(from)
  return value
}

export const LIST_COMMANDS: CommandTable = {
  LPUSH: { arity: -3, run: push('LEFT') },
  RPUSH: { arity: -3, run: push('RIGHT') },
  LPUSHX: { arity: -3, run: push('LEFT', true) },
  RPUSHX: { arity: -3, run: push('RIGHT', true) },
  LPOP: { arity: -2, run: pop('LEFT') },
  RPOP: { arity: -2, run: pop('RIGHT') },
  LLEN: { arity: 2, run: (store, args) => read(store, arg(args, 0)).length },
  LRANGE: { arity: 4, run: range },
  LTRIM: { arity: 4, run: trim },
  LINDEX: { arity: 3, run: index },
  LSET: { arity: 4, run: setAt },
  LREM: { arity: 4, run: remove },
  LINSERT: { arity: 5, run: insert },
  LMOVE: { arity: 5, run: move },
  RPOPLPUSH: { arity: 3, run: (store, args) => move(store, [arg(args, 0), arg(args, 1), 'RIGHT', 'LEFT']) },
}
