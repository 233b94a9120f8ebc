import { type Bytes, RedisError, type Reply } from '../../reply.ts'
import { type CommandTable, Options, syntaxError } from '../command.ts'
import { parseFloatStrict, parseInteger } from '../numbers.ts'
import { SortedSet } from '../sorted-set.ts'
import { type Store, wrongType } from '../store.ts'
import { listed, replace } from './sorted-set-ranges.ts'

type Combination = { keys: Bytes[]; weights: number[]; aggregate: Aggregate; withScores: boolean }
type Aggregate = (a: number, b: number) => number

/** Opposite infinities add up to zero here, as in Redis. */
const sum: Aggregate = (a, b) => (Number.isNaN(a + b) ? 0 : a + b)

const AGGREGATES: Record<string, Aggregate> = { SUM: sum, MIN: Math.min, MAX: Math.max }

type Members = ReadonlyMap<Bytes, number>
type Combine = (sets: Members[], aggregate: Aggregate) => Members

const union: Combine = (sets, aggregate) => {
  const all = new Map<Bytes, number>()
  for (const [member, score] of sets.flatMap((set) => [...set])) {
    const before = all.get(member)
    all.set(member, before === undefined ? score : aggregate(before, score))
  }
  return all
}

const intersection: Combine = (sets, aggregate) => {
  const inAll = [...(sets[0] ?? [])].filter(([member]) => sets.every((set) => set.has(member)))
  const names = new Set(inAll.map(([member]) => member))
  return new Map([...union(sets, aggregate)].filter(([member]) => names.has(member)))
}

const difference: Combine = ([first = new Map(), ...others]) =>
  new Map([...first].filter(([member]) => others.every((set) => !set.has(member))))

function combined(command: string, combine: Combine) {
  return (store: Store, args: readonly Bytes[]): Reply => {
    const combination = parse(command, args, true)
    return listed(ordered(combine(load(store, combination), combination.aggregate)), combination.withScores)
  }
}

function combinedInto(command: string, combine: Combine) {
  return (store: Store, [into = '', ...rest]: readonly Bytes[]): Reply => {
    const combination = parse(command, rest, false)
    return replace(store, into, combine(load(store, combination), combination.aggregate))
  }
}

function ordered(members: Members) {
  const set = new SortedSet()
  for (const [member, score] of members) set.set(member, score)
  return set.ordered()
}

/** Plain sets take part, each member with score 1. */
function load(store: Store, { keys, weights }: Combination): Members[] {
  return keys.map((key, at) => {
    const entry = store.get(key)
    if (entry !== undefined && entry.type !== 'zset' && entry.type !== 'set') throw wrongType()
    const weight = weights[at] ?? 1
    if (entry?.type === 'set') return new Map([...entry.value].map((member) => [member, weight]))
    return new Map(entry?.value.ordered().map(([member, score]) => [member, score * weight || 0]))
  })
}

function parse(command: string, [countText = '', ...rest]: readonly Bytes[], answersMembers: boolean): Combination {
  const count = parseInteger(countText)
  if (count < 1) throw new RedisError(`ERR at least 1 input key is needed for '${command}' command`)
  const options = new Options(rest)
  const parsed: Combination = {
    keys: options.values(count, syntaxError()),
    weights: [],
    aggregate: sum,
    withScores: false,
  }
  const mayWeigh = !command.startsWith('zdiff')
  for (let option = options.next(); option !== undefined; option = options.next()) {
    if (option === 'WEIGHTS' && mayWeigh) {
      parsed.weights = options
        .values(count, syntaxError())
        .map((weight) => parseFloatStrict(weight, 'ERR weight value is not a float'))
    } else if (option === 'AGGREGATE' && mayWeigh) parsed.aggregate = aggregateOf(options.value())
    else if (option === 'WITHSCORES' && answersMembers) parsed.withScores = true
    else throw syntaxError()
  }
  return parsed
}

function aggregateOf(name: Bytes): Aggregate {
  const aggregate = AGGREGATES[name.toUpperCase()]
  if (aggregate === undefined) throw syntaxError()
  return aggregate
}

export const SORTED_SET_ALGEBRA_COMMANDS: CommandTable = {
  ZUNION: { arity: -3, run: combined('zunion', union) },
  ZINTER: { arity: -3, run: combined('zinter', intersection) },
  ZDIFF: { arity: -3, run: combined('zdiff', difference) },
  ZUNIONSTORE: { arity: -4, run: combinedInto('zunionstore', union) },
  ZINTERSTORE: { arity: -4, run: combinedInto('zinterstore', intersection) },
  ZDIFFSTORE: { arity: -4, run: combinedInto('zdiffstore', difference) },
}
