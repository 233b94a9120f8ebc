import type { Bytes, Reply } from '../../reply.ts'
import { arg, type CommandTable, syntaxError } from '../command.ts'
import { formatDouble, parseCount, parseFloatStrict, parseInteger } from '../numbers.ts'
import { inclusiveSlice } from '../slice.ts'
import { type Scored, SortedSet } from '../sorted-set.ts'
import type { Store } from '../store.ts'
import { scanAll } from './scan.ts'
import { addScores, incrementScore } from './sorted-set-add.ts'
import { byLex, byScore } from './sorted-set-bounds.ts'

const NOTHING = new SortedSet()

const read = (store: Store, key: Bytes) => store.read(key, 'zset') ?? NOTHING

function scoreOf(set: SortedSet, member: Bytes): Reply {
  const score = set.score(member)
  return score === undefined ? null : formatDouble(score)
}

function scores(store: Store, [key = '', ...members]: readonly Bytes[]): Reply {
  const set = read(store, key)
  return members.map((member) => scoreOf(set, member))
}

function incrementBy(store: Store, args: readonly Bytes[]): Reply {
  const [key, by, member] = [arg(args, 0), parseFloatStrict(arg(args, 1)), arg(args, 2)]
  const score = incrementScore(read(store, key).score(member), by)
  store.readOrCreate(key, 'zset', () => new SortedSet()).set(member, score)
  return formatDouble(score)
}

function rank(reversed: boolean) {
  return (store: Store, args: readonly Bytes[]): Reply => {
    const set = read(store, arg(args, 0))
    const at = set.rank(arg(args, 1))
    if (at < 0) return null
    return reversed ? set.size - 1 - at : at
  }
}

function pop(from: 'MIN' | 'MAX') {
  return (store: Store, [key = '', countText, ...rest]: readonly Bytes[]): Reply => {
    if (rest.length > 0) throw syntaxError()
    const count = countText === undefined ? 1 : parseCount(countText)
    const ordered = read(store, key).ordered()
    const popped = (from === 'MIN' ? ordered : ordered.toReversed()).slice(0, count)
    removeMembers(store, key, popped)
    return popped.flatMap(([member, score]) => [member, formatDouble(score)])
  }
}

function removeMembers(store: Store, key: Bytes, doomed: readonly Scored[]): number {
  const set = store.read(key, 'zset')
  for (const [member] of doomed) set?.delete(member)
  store.deleteIfEmpty(key)
  return doomed.length
}

function remove(store: Store, [key = '', ...members]: readonly Bytes[]): Reply {
  const set = store.read(key, 'zset')
  const removed = members.filter((member) => set?.delete(member)).length
  store.deleteIfEmpty(key)
  return removed
}

/** Reads the bounds, which are refused before the key is looked at; what it returns selects. */
type ParseBounds = (from: Bytes, to: Bytes) => (ordered: readonly Scored[]) => readonly Scored[]

const withinScores: ParseBounds = (min, max) => {
  const isWithin = byScore(min, max)
  return (ordered) => ordered.filter(isWithin)
}
const withinLex: ParseBounds = (min, max) => {
  const isWithin = byLex(min, max)
  return (ordered) => ordered.filter(isWithin)
}
const withinRanks: ParseBounds = (startText, endText) => {
  const [start, end] = [parseInteger(startText), parseInteger(endText)]
  return (ordered) => inclusiveSlice(ordered, start, end)
}

function count(parse: ParseBounds) {
  return (store: Store, args: readonly Bytes[]): Reply => {
    const select = parse(arg(args, 1), arg(args, 2))
    return select(read(store, arg(args, 0)).ordered()).length
  }
}

function removeRange(parse: ParseBounds) {
  return (store: Store, args: readonly Bytes[]): Reply => {
    const select = parse(arg(args, 1), arg(args, 2))
    return removeMembers(store, arg(args, 0), select(read(store, arg(args, 0)).ordered()))
  }
}

function scanScores(store: Store, [key = '', ...rest]: readonly Bytes[]): Reply {
  return scanAll(
    read(store, key)
      .ordered()
      .map(([member, score]) => [member, formatDouble(score)]),
    rest,
  )
}

export const SORTED_SET_COMMANDS: CommandTable = {
  ZADD: { arity: -4, run: addScores },
  ZINCRBY: { arity: 4, run: incrementBy },
  ZREM: { arity: -3, run: remove },
  ZSCORE: { arity: 3, run: (store, args) => scoreOf(read(store, arg(args, 0)), arg(args, 1)) },
  ZMSCORE: { arity: -3, run: scores },
  ZCARD: { arity: 2, run: (store, args) => read(store, arg(args, 0)).size },
  ZRANK: { arity: 3, run: rank(false) },
  ZREVRANK: { arity: 3, run: rank(true) },
  ZPOPMIN: { arity: -2, run: pop('MIN') },
  ZPOPMAX: { arity: -2, run: pop('MAX') },
  ZCOUNT: { arity: 4, run: count(withinScores) },
  ZLEXCOUNT: { arity: 4, run: count(withinLex) },
  ZREMRANGEBYSCORE: { arity: 4, run: removeRange(withinScores) },
  ZREMRANGEBYRANK: { arity: 4, run: removeRange(withinRanks) },
  ZREMRANGEBYLEX: { arity: 4, run: removeRange(withinLex) },
  ZSCAN: { arity: -3, run: scanScores },
}
