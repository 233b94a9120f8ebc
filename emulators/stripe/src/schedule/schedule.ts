import type { Store } from '../store/store.ts'

/** What happens to an object at a scheduled time. */
export type ScheduledAction = 'expire_authorization' | 'complete_refund' | 'fail_refund'

/** Scheduled actions, at most one per object, stored in the transaction that causes them. */
export class Schedule {
  readonly #store: Store
  /** At or before the earliest entry, so that most requests need no query. */
  #next: number

  constructor(store: Store) {
    this.#store = store
    store.db.exec(`
      create table if not exists schedule (object_id text primary key, action text not null, at integer not null);
      create index if not exists schedule_at on schedule (at)`)
    this.#next = this.#earliest()
  }

  /** @param at unix seconds */
  set(objectId: string, action: ScheduledAction, at: number): void {
    this.#store.prepare('insert or replace into schedule values (?, ?, ?)').run(objectId, action, at)
    this.#next = Math.min(this.#next, at)
  }

  remove(objectId: string): void {
    this.#store.prepare('delete from schedule where object_id = ?').run(objectId)
  }

  isDue(now: number): boolean {
    return this.#next <= now
  }

  due(now: number): { objectId: string; action: ScheduledAction }[] {
    const rows = this.#store.prepare('select * from schedule where at <= ? order by at, rowid').all(now)
    if (rows.length === 0) this.#next = this.#earliest()
    // Only `set` writes this column.
    return rows.map((row) => ({ objectId: String(row.object_id), action: row.action as ScheduledAction }))
  }

  #earliest(): number {
    const row = this.#store.prepare('select min(at) as at from schedule').get()
    return row?.at == null ? Number.POSITIVE_INFINITY : Number(row.at)
  }
}
