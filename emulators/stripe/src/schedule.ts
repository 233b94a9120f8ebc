import type { Store } from './store.ts'

/** What happens to an object by itself once its time has come. */
export type LaterAction = 'expire_authorization' | 'complete_refund' | 'fail_refund'

/** What will happen by the clock, at most one thing per object, kept in the transaction that brought it about. */
export class Schedule {
  readonly #store: Store
  /** Not later than the earliest entry, so that most requests need not ask the database. */
  #next: number

  constructor(store: Store) {
    this.#store = store
    store.db.exec(`
      create table if not exists schedule (object_id text primary key, action text not null, at integer not null);
      create index if not exists schedule_at on schedule (at)`)
    this.#next = this.#earliest()
  }

  /** @param at unix seconds */
  set(objectId: string, action: LaterAction, at: number): void {
    this.#store.prepare('insert or replace into schedule values (?, ?, ?)').run(objectId, action, at)
    this.#next = Math.min(this.#next, at)
  }

  remove(objectId: string): void {
    this.#store.prepare('delete from schedule where object_id = ?').run(objectId)
  }

  isDue(now: number): boolean {
    return this.#next <= now
  }

  due(now: number): { objectId: string; action: LaterAction }[] {
    const rows = this.#store.prepare('select * from schedule where at <= ? order by at, rowid').all(now)
    if (rows.length === 0) this.#next = this.#earliest()
    // Only `set` writes this column.
    return rows.map((row) => ({ objectId: String(row.object_id), action: row.action as LaterAction }))
  }

  #earliest(): number {
    const row = this.#store.prepare('select min(at) as at from schedule').get()
    return row?.at == null ? Number.POSITIVE_INFINITY : Number(row.at)
  }
}
