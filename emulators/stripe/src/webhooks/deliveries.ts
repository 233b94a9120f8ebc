import type { Store } from '../store/store.ts'

/** One event to deliver to the webhook endpoint. Times are Unix milliseconds. */
export interface Delivery {
  eventId: string
  attempts: number
  nextAt: number
  /** Stripe gives up three days after the first attempt was due. */
  expiresAt: number
}

export type Ended = 'delivered' | 'dropped' | 'expired'

const GIVE_UP_AFTER_MS = 3 * 24 * 60 * 60 * 1000

/** The queue of webhooks on disk, written in the event's transaction, so that a killed process loses none. */
export class Deliveries {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
    store.db.exec(`
      create table if not exists deliveries (
        event_id text primary key, state text not null, attempts integer not null,
        next_at integer not null, expires_at integer not null
      );
      create index if not exists deliveries_due on deliveries (state, next_at)`)
  }

  static isPending(store: Store, eventId: string): boolean {
    const row = store.prepare('select state from deliveries where event_id = ?').get(eventId)
    return row?.state === 'pending'
  }

  /** Queues the event for `at` with a new back-off, even if it was delivered before. */
  enqueue(eventId: string, at: number): void {
    this.#store
      .prepare(`insert or replace into deliveries values (?, 'pending', 0, ?, ?)`)
      .run(eventId, at, at + GIVE_UP_AFTER_MS)
  }

  pending(): Delivery[] {
    const rows = this.#store.prepare(`select * from deliveries where state = 'pending' order by next_at, rowid`).all()
    return rows.map(toDelivery)
  }

  due(now: number, limit: number): Delivery[] {
    return this.#store
      .prepare(`select * from deliveries where state = 'pending' and next_at <= ? order by next_at, rowid limit ?`)
      .all(now, limit)
      .map(toDelivery)
  }

  nextDueAfter(now: number): number | undefined {
    const row = this.#store
      .prepare(`select min(next_at) as at from deliveries where state = 'pending' and next_at > ?`)
      .get(now)
    return row?.at == null ? undefined : Number(row.at)
  }

  /** Ends deliveries in one transaction. If the process is killed before, they are sent again, as Stripe may do. */
  finish(ended: ReadonlyMap<string, Ended>): void {
    this.#store.transaction(() => {
      const update = this.#store.prepare('update deliveries set state = ? where event_id = ?')
      for (const [eventId, state] of ended) update.run(state, eventId)
    })
  }

  retryAt(eventId: string, attempts: number, at: number): void {
    this.#store.prepare('update deliveries set attempts = ?, next_at = ? where event_id = ?').run(attempts, at, eventId)
  }

  makeAllDue(now: number): void {
    this.#store.prepare(`update deliveries set next_at = ? where state = 'pending' and next_at > ?`).run(now, now)
  }
}

function toDelivery(row: Record<string, unknown>): Delivery {
  return {
    eventId: String(row.event_id),
    attempts: Number(row.attempts),
    nextAt: Number(row.next_at),
    expiresAt: Number(row.expires_at),
  }
}
