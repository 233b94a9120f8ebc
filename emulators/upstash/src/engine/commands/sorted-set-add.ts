import { type Bytes, RedisError, type Reply } from '../../reply.ts'
import { arg, syntaxError } from '../command.ts'
import { formatDouble, parseFloatStrict } from '../numbers.ts'
import { type Scored, SortedSet } from '../sorted-set.ts'
import type { Store } from '../store.ts'

const FLAGS = new Set(['NX', 'XX', 'GT', 'LT', 'CH', 'INCR'])

/** ZADD with NX, XX, GT, LT, CH and INCR. */
export function addScores(store: Store, [key = '', ...rest]: readonly Bytes[]): Reply {
  const { flags, given } = parse(rest)
  let added = 0
  let changed = 0
  let last: number | null = null
  for (const [member, score] of given) {
    const before = store.read(key, 'zset')?.score(member)
    const after = flags.has('INCR') ? incrementScore(before, score) : score
    last = null
    if (!isAllowed(flags, before, after)) continue
    store.readOrCreate(key, 'zset', () => new SortedSet()).set(member, after)
    last = after
    if (before === undefined) added += 1
    else if (before !== after) changed += 1
  }
  if (flags.has('INCR')) return last === null ? null : formatDouble(last)
  return flags.has('CH') ? added + changed : added
}

export function incrementScore(before: number | undefined, by: number): number {
  const score = (before ?? 0) + by
  if (Number.isNaN(score)) throw new RedisError('ERR resulting score is not a number (NaN)')
  return score
}

function parse(args: readonly Bytes[]): { flags: Set<string>; given: Scored[] } {
  const first = args.findIndex((word) => !FLAGS.has(word.toUpperCase()))
  const flags = new Set(args.slice(0, Math.max(0, first)).map((word) => word.toUpperCase()))
  const words = first < 0 ? [] : args.slice(first)
  if (words.length === 0 || words.length % 2 !== 0) throw syntaxError()
  checkFlags(flags)
  if (flags.has('INCR') && words.length > 2) {
    throw new RedisError('ERR INCR option supports a single increment-element pair')
  }
  const given = Array.from({ length: words.length / 2 }, (_, at): Scored => {
    return [arg(words, at * 2 + 1), parseFloatStrict(arg(words, at * 2))]
  })
  return { flags, given }
}

function checkFlags(flags: Set<string>): void {
  if (flags.has('NX') && flags.has('XX')) {
    throw new RedisError('ERR XX and NX options at the same time are not compatible')
  }
  if ([flags.has('GT'), flags.has('LT'), flags.has('NX')].filter(Boolean).length > 1) {
    throw new RedisError('ERR GT, LT, and/or NX options at the same time are not compatible')
  }
}

function isAllowed(flags: Set<string>, before: number | undefined, after: number): boolean {
  if (before === undefined) return !flags.has('XX')
  if (flags.has('NX')) return false
  return !(flags.has('GT') && after <= before) && !(flags.has('LT') && after >= before)
}
