import type { Bytes, Reply } from '../../reply.ts'
import { arg, type CommandTable, syntaxError } from '../command.ts'
import { parseCount, parseInteger } from '../numbers.ts'
import type { Store } from '../store.ts'
import { scanAll } from './scan.ts'

const NOTHING: ReadonlySet<Bytes> = new Set()

const read = (store: Store, key: Bytes) => store.read(key, 'set') ?? NOTHING

function add(store: Store, [key = '', ...members]: readonly Bytes[]): Reply {
  const set = store.readOrCreate(key, 'set', () => new Set())
  const before = set.size
  for (const member of members) set.add(member)
  return set.size - before
}

function remove(store: Store, [key = '', ...members]: readonly Bytes[]): number {
  const set = store.read(key, 'set')
  const removed = members.filter((member) => set?.delete(member)).length
  store.deleteIfEmpty(key)
  return removed
}

function move(store: Store, args: readonly Bytes[]): Reply {
  const [from, to, member] = [arg(args, 0), arg(args, 1), arg(args, 2)]
  read(store, to)
  if (!read(store, from).has(member)) return 0
  remove(store, [from, member])
  add(store, [to, member])
  return 1
}

function pop(store: Store, [key = '', countText, ...rest]: readonly Bytes[]): Reply {
  if (rest.length > 0) throw syntaxError()
  const count = countText === undefined ? 1 : parseCount(countText)
  const popped = shuffled(read(store, key)).slice(0, count)
  remove(store, [key, ...popped])
  return countText === undefined ? (popped[0] ?? null) : popped
}

/** A negative count may give a member more than once. */
function randomMembers(store: Store, [key = '', countText, ...rest]: readonly Bytes[]): Reply {
  if (rest.length > 0) throw syntaxError()
  const members = shuffled(read(store, key))
  if (countText === undefined) return members[0] ?? null
  const count = parseInteger(countText)
  if (count >= 0) return members.slice(0, count)
  if (members.length === 0) return []
  return Array.from({ length: -count }, () => arg(members, Math.floor(Math.random() * members.length)))
}

function shuffled(set: ReadonlySet<Bytes>): Bytes[] {
  return [...set]
    .map((member) => ({ member, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ member }) => member)
}

type Combine = (sets: ReadonlySet<Bytes>[]) => ReadonlySet<Bytes>

const union: Combine = (sets) => sets.reduce((all, set) => all.union(set))
const intersection: Combine = (sets) => sets.reduce((all, set) => all.intersection(set))
const difference: Combine = (sets) => sets.reduce((all, set) => all.difference(set))

function combined(combine: Combine) {
  return (store: Store, keys: readonly Bytes[]): Reply => [...combine(keys.map((key) => read(store, key)))]
}

function combinedInto(combine: Combine) {
  return (store: Store, [into = '', ...keys]: readonly Bytes[]): Reply => {
    const result = new Set(combine(keys.map((key) => read(store, key))))
    store.delete(into)
    if (result.size > 0) store.set(into, 'set', result)
    return result.size
  }
}

function areMembers(store: Store, [key = '', ...members]: readonly Bytes[]): Reply {
  const set = read(store, key)
  return members.map((member) => Number(set.has(member)))
}

export const SET_COMMANDS: CommandTable = {
  SADD: { arity: -3, run: add },
  SREM: { arity: -3, run: remove },
  SMOVE: { arity: 4, run: move },
  SMEMBERS: { arity: 2, run: (store, args) => [...read(store, arg(args, 0))] },
  SISMEMBER: { arity: 3, run: (store, args) => Number(read(store, arg(args, 0)).has(arg(args, 1))) },
  SMISMEMBER: { arity: -3, run: areMembers },
  SCARD: { arity: 2, run: (store, args) => read(store, arg(args, 0)).size },
  SPOP: { arity: -2, run: pop },
  SRANDMEMBER: { arity: -2, run: randomMembers },
  SUNION: { arity: -2, run: combined(union) },
  SINTER: { arity: -2, run: combined(intersection) },
  SDIFF: { arity: -2, run: combined(difference) },
  SUNIONSTORE: { arity: -3, run: combinedInto(union) },
  SINTERSTORE: { arity: -3, run: combinedInto(intersection) },
  SDIFFSTORE: { arity: -3, run: combinedInto(difference) },
  SSCAN: {
    arity: -3,
    run: (store, [key = '', ...rest]) =>
      scanAll(
        [...read(store, key)].map((m) => [m]),
        rest,
      ),
  },
}
