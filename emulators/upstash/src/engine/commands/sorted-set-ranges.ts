import { type Bytes, RedisError, type Reply } from '../../reply.ts'
import { type CommandTable, Options, syntaxError } from '../command.ts'
import { formatDouble, parseInteger } from '../numbers.ts'
import { inclusiveSlice } from '../slice.ts'
import { type Scored, SortedSet } from '../sorted-set.ts'
import type { Store } from '../store.ts'
import { byLex, byScore } from './sorted-set-bounds.ts'

type By = 'RANK' | 'SCORE' | 'LEX'
type Limit = { offset: number; count: number }
type RangeOptions = { by: By; reversed: boolean; withScores: boolean; limit?: Limit }

/** What a command's name has decided already; its options may not say it again. */
type Fixed = { by?: By; reversed?: boolean; store?: boolean }

const NOTHING = new SortedSet()

function range(fixed: Fixed) {
  return (store: Store, [key = '', from = '', to = '', ...rest]: readonly Bytes[]): Reply => {
    const options = parseOptions(rest, fixed)
    const select = parseBounds(from, to, options)
    return listed(select(store.read(key, 'zset') ?? NOTHING), options.withScores)
  }
}

function rangeStore(store: Store, [into = '', key = '', from = '', to = '', ...rest]: readonly Bytes[]): Reply {
  const select = parseBounds(from, to, parseOptions(rest, { store: true }))
  return replace(store, into, select(store.read(key, 'zset') ?? NOTHING))
}

/** Puts these members where `into` is, or nothing when there are none. */
export function replace(store: Store, into: Bytes, scored: Iterable<Scored>): number {
  const result = new SortedSet()
  for (const [member, score] of scored) result.set(member, score)
  store.delete(into)
  if (result.size > 0) store.set(into, 'zset', result)
  return result.size
}

export function listed(scored: readonly Scored[], withScores: boolean): Reply {
  return scored.flatMap(([member, score]) => (withScores ? [member, formatDouble(score)] : [member]))
}

/** Bounds are refused before the key is looked at; what this returns selects. */
function parseBounds(from: Bytes, to: Bytes, { by, reversed, limit }: RangeOptions) {
  const ordered = (set: SortedSet) => (reversed ? set.ordered().toReversed() : set.ordered())
  if (by === 'RANK') {
    const [start, end] = [parseInteger(from), parseInteger(to)]
    return (set: SortedSet) => inclusiveSlice(ordered(set), start, end)
  }
  // Reversed, the higher bound comes first.
  const [min, max] = reversed ? [to, from] : [from, to]
  const isWithin = by === 'SCORE' ? byScore(min, max) : byLex(min, max)
  return (set: SortedSet) => limited(ordered(set).filter(isWithin), limit)
}

function limited(found: readonly Scored[], limit: Limit | undefined): readonly Scored[] {
  if (limit === undefined) return found
  if (limit.offset < 0) return []
  return found.slice(limit.offset, limit.count < 0 ? undefined : limit.offset + limit.count)
}

function parseOptions(args: readonly Bytes[], fixed: Fixed): RangeOptions {
  const parsed: RangeOptions = { by: fixed.by ?? 'RANK', reversed: fixed.reversed ?? false, withScores: false }
  const isFree = fixed.by === undefined
  const options = new Options(args)
  for (let option = options.next(); option !== undefined; option = options.next()) {
    if (option === 'WITHSCORES' && !fixed.store) parsed.withScores = true
    else if (option === 'LIMIT') parsed.limit = parseLimit(options)
    else if (option === 'REV' && isFree) parsed.reversed = true
    else if (option === 'BYSCORE' && isFree) parsed.by = 'SCORE'
    else if (option === 'BYLEX' && isFree) parsed.by = 'LEX'
    else throw syntaxError()
  }
  refuseCombinations(parsed)
  return parsed
}

function parseLimit(options: Options): Limit {
  return { offset: parseInteger(options.value()), count: parseInteger(options.value()) }
}

function refuseCombinations({ by, limit, withScores }: RangeOptions): void {
  if (limit !== undefined && by === 'RANK') {
    throw new RedisError('ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX')
  }
  if (withScores && by === 'LEX') {
    throw new RedisError('ERR syntax error, WITHSCORES not supported in combination with BYLEX')
  }
}

export const SORTED_SET_RANGE_COMMANDS: CommandTable = {
  ZRANGE: { arity: -4, run: range({}) },
  ZREVRANGE: { arity: -4, run: range({ by: 'RANK', reversed: true }) },
  ZRANGEBYSCORE: { arity: -4, run: range({ by: 'SCORE' }) },
  ZREVRANGEBYSCORE: { arity: -4, run: range({ by: 'SCORE', reversed: true }) },
  ZRANGEBYLEX: { arity: -4, run: range({ by: 'LEX' }) },
  ZREVRANGEBYLEX: { arity: -4, run: range({ by: 'LEX', reversed: true }) },
  ZRANGESTORE: { arity: -5, run: rangeStore },
}
