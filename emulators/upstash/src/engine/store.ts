import type { Bytes } from '../redis/reply.ts'

/** A string value. `expiresAt` in Unix milliseconds. */
export type Entry = { value: Bytes; expiresAt?: number }

/** All keys with their values, which are strings. Drops an expired key at its next access. */
export class Store {
  readonly #entries = new Map<Bytes, Entry>()
  /** Unix milliseconds. Set once per command, transaction or script, which therefore sees one instant throughout. */
  now = 0

  get(key: Bytes): Entry | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined || !this.#isExpired(entry)) return entry
    this.#entries.delete(key)
    return undefined
  }

  /** Replaces the value and its expiry. */
  set(key: Bytes, value: Bytes, expiresAt?: number): void {
    this.#entries.set(key, { value, ...(expiresAt !== undefined && { expiresAt }) })
  }

  /** Replaces the value and keeps its expiry. */
  update(key: Bytes, value: Bytes): void {
    this.set(key, value, this.get(key)?.expiresAt)
  }

  delete(key: Bytes): boolean {
    return this.get(key) !== undefined && this.#entries.delete(key)
  }

  /** Sets the expiry of an existing entry. An instant that has passed deletes the key. */
  expireAt(key: Bytes, entry: Entry, expiresAt: number): void {
    if (expiresAt <= this.now) this.#entries.delete(key)
    else entry.expiresAt = expiresAt
  }

  /** Live keys, oldest first. */
  *entries(): Generator<[Bytes, Entry]> {
    for (const [key, entry] of this.#entries) {
      if (this.#isExpired(entry)) this.#entries.delete(key)
      else yield [key, entry]
    }
  }

  clear(): void {
    this.#entries.clear()
  }

  /** As in Redis, a key still exists during the millisecond of its expiry. */
  #isExpired(entry: Entry): boolean {
    return entry.expiresAt !== undefined && this.now > entry.expiresAt
  }
}
