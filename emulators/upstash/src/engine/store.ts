import { type Bytes, RedisError } from '../reply.ts'
import type { SortedSet } from './sorted-set.ts'

export type ValueByType = {
  string: Bytes
  hash: Map<Bytes, Bytes>
  set: Set<Bytes>
  zset: SortedSet
  list: Bytes[]
}

export type ValueType = keyof ValueByType

/** `expiresAt` in Unix milliseconds. */
export type Entry = { [T in ValueType]: { type: T; value: ValueByType[T]; expiresAt?: number; id: number } }[ValueType]

/**
 * The keys. An expired one is dropped when it is next looked at.
 *
 * Each key has an id that grows with every new key, so that a scan can go on after the last one it saw whatever was
 * deleted meanwhile.
 */
export class Store {
  readonly #entries = new Map<Bytes, Entry>()
  #lastId = 0
  /** Unix milliseconds; set once for each command, transaction or script, which see time stand still. */
  now = 0

  get(key: Bytes): Entry | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined || !this.#isOver(entry)) return entry
    this.#entries.delete(key)
    return undefined
  }

  /** @throws RedisError WRONGTYPE */
  read<T extends ValueType>(key: Bytes, type: T): ValueByType[T] | undefined {
    const entry = this.get(key)
    if (entry === undefined) return undefined
    if (entry.type !== type) throw wrongType()
    // `type` has been compared, which TypeScript does not carry over to the union's other field.
    return entry.value as ValueByType[T]
  }

  /** What is there, or `empty` put there. @throws RedisError WRONGTYPE */
  readOrCreate<T extends Exclude<ValueType, 'string'>>(key: Bytes, type: T, empty: () => ValueByType[T]) {
    const found = this.read(key, type)
    if (found !== undefined) return found
    const created = empty()
    this.set(key, type, created)
    return created
  }

  /** Replaces whatever is there, its expiry included. */
  set<T extends ValueType>(key: Bytes, type: T, value: ValueByType[T], expiresAt?: number): void {
    const id = this.get(key)?.id ?? ++this.#lastId
    // The type parameter pairs the two fields as the union does.
    this.#entries.set(key, { type, value, id, ...(expiresAt !== undefined && { expiresAt }) } as Entry)
  }

  /** Replaces a string and keeps its expiry. */
  update(key: Bytes, value: Bytes): void {
    this.set(key, 'string', value, this.get(key)?.expiresAt)
  }

  delete(key: Bytes): boolean {
    return this.get(key) !== undefined && this.#entries.delete(key)
  }

  /** Redis has no empty collections. */
  deleteIfEmpty(key: Bytes): void {
    const entry = this.get(key)
    if (entry === undefined || entry.type === 'string') return
    if ((entry.type === 'list' ? entry.value.length : entry.value.size) === 0) this.#entries.delete(key)
  }

  /** A time that has come already deletes the key. */
  expireAt(key: Bytes, entry: Entry, expiresAt: number | undefined): void {
    if (expiresAt === undefined) delete entry.expiresAt
    else if (expiresAt <= this.now) this.#entries.delete(key)
    else entry.expiresAt = expiresAt
  }

  move(from: Bytes, to: Bytes): void {
    const entry = this.get(from)
    if (entry === undefined) return
    this.#entries.delete(from)
    this.#entries.delete(to)
    this.#entries.set(to, { ...entry, id: ++this.#lastId })
  }

  /** Live keys in the order of their ids. */
  *entries(): Generator<[Bytes, Entry]> {
    for (const [key, entry] of this.#entries) {
      if (this.#isOver(entry)) this.#entries.delete(key)
      else yield [key, entry]
    }
  }

  clear(): void {
    this.#entries.clear()
  }

  /** A key is still there in the very millisecond of its expiry, as in Redis. */
  #isOver(entry: Entry): boolean {
    return entry.expiresAt !== undefined && this.now > entry.expiresAt
  }
}

export function wrongType(): RedisError {
  return new RedisError('WRONGTYPE Operation against a key holding the wrong kind of value')
}
