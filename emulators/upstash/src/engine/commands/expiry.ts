import { type Bytes, RedisError, type Reply } from '../../reply.ts'
import { arg, type CommandTable } from '../command.ts'
import { parseExpiry } from '../expiry.ts'
import type { Entry, Store } from '../store.ts'

function expire(option: 'EX' | 'PX' | 'EXAT' | 'PXAT') {
  return (store: Store, [key = '', time = '', ...conditions]: readonly Bytes[]): Reply => {
    const expiresAt = parseExpiry(option, time, store.now)
    const holds = parseConditions(conditions)
    const entry = store.get(key)
    if (entry === undefined || !holds(entry, expiresAt)) return 0
    store.expireAt(key, entry, expiresAt)
    return 1
  }
}

type Condition = (entry: Entry, expiresAt: number) => boolean

/** A key without expiry counts as one that expires last. */
const CONDITIONS: Record<string, Condition> = {
  NX: (entry) => entry.expiresAt === undefined,
  XX: (entry) => entry.expiresAt !== undefined,
  GT: (entry, expiresAt) => expiresAt > (entry.expiresAt ?? Number.POSITIVE_INFINITY),
  LT: (entry, expiresAt) => expiresAt < (entry.expiresAt ?? Number.POSITIVE_INFINITY),
}

function parseConditions(args: readonly Bytes[]): Condition {
  const names = args.map((option) => option.toUpperCase())
  const unknown = names.findIndex((name) => !Object.hasOwn(CONDITIONS, name))
  if (unknown >= 0) throw new RedisError(`ERR Unsupported option ${arg(args, unknown)}`)
  const has = (name: string) => names.includes(name)
  if (has('NX') && (has('XX') || has('GT') || has('LT'))) {
    throw new RedisError('ERR NX and XX, GT or LT options at the same time are not compatible')
  }
  if (has('GT') && has('LT')) throw new RedisError('ERR GT and LT options at the same time are not compatible')
  return (entry, expiresAt) => names.every((name) => CONDITIONS[name]?.(entry, expiresAt) ?? true)
}

/** -2 without the key, -1 when it does not expire. */
function timeOf(entry: Entry | undefined, convert: (expiresAt: number) => number): Reply {
  if (entry === undefined) return -2
  return entry.expiresAt === undefined ? -1 : convert(entry.expiresAt)
}

function persist(store: Store, [key = '']: readonly Bytes[]): Reply {
  const entry = store.get(key)
  if (entry?.expiresAt === undefined) return 0
  store.expireAt(key, entry, undefined)
  return 1
}

const seconds = (milliseconds: number) => Math.floor((milliseconds + 500) / 1000)

export const EXPIRY_COMMANDS: CommandTable = {
  EXPIRE: { arity: -3, run: expire('EX') },
  PEXPIRE: { arity: -3, run: expire('PX') },
  EXPIREAT: { arity: -3, run: expire('EXAT') },
  PEXPIREAT: { arity: -3, run: expire('PXAT') },
  TTL: { arity: 2, run: (store, args) => timeOf(store.get(arg(args, 0)), (at) => seconds(at - store.now)) },
  PTTL: { arity: 2, run: (store, args) => timeOf(store.get(arg(args, 0)), (at) => at - store.now) },
  EXPIRETIME: { arity: 2, run: (store, args) => timeOf(store.get(arg(args, 0)), seconds) },
  PEXPIRETIME: { arity: 2, run: (store, args) => timeOf(store.get(arg(args, 0)), (at) => at) },
  PERSIST: { arity: 2, run: persist },
}
