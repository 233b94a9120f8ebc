import type { Store } from '../store/store.ts'

/**
 * The time at which objects are created and expire. Tests move it forward. The offset survives a restart, since
 * existing objects would otherwise lie in the future. Webhooks are signed and retried in real time, because a receiver
 * checks their timestamps by its own clock.
 */
export class Clock {
  readonly #store: Store
  readonly #base: () => Date
  #aheadMs: number

  constructor(store: Store, base: () => Date) {
    this.#store = store
    this.#base = base
    store.db.exec('create table if not exists clock (id integer primary key check (id = 1), ahead_ms integer not null)')
    this.#aheadMs = Number(store.prepare('select ahead_ms from clock').get()?.ahead_ms ?? 0)
  }

  now(): Date {
    const base = this.#base()
    return this.#aheadMs === 0 ? base : new Date(base.getTime() + this.#aheadMs)
  }

  aheadMs(): number {
    return this.#aheadMs
  }

  /** @throws RangeError unless `ms` is a positive integer: time does not go back */
  advance(ms: number): void {
    if (!(Number.isSafeInteger(ms) && ms > 0))
      throw new RangeError(`The clock goes forward by a positive integer of milliseconds, not by ${ms}`)
    this.#aheadMs += ms
    this.#store.prepare('insert or replace into clock values (1, ?)').run(this.#aheadMs)
  }
}
