import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Kind, Kinds } from './objects.ts'

// A checkpoint costs more than the commits before it, so the log may grow to 40 MB.
const PRAGMAS = `
  pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = normal;
  pragma wal_autocheckpoint = 10000;
`

const SCHEMA = `
  create table if not exists objects (
    seq integer primary key autoincrement,
    kind text not null,
    id text not null unique,
    created integer not null,
    body text not null
  );
  create index if not exists objects_by_kind on objects (kind, seq);
  create index if not exists objects_of_intent on objects (kind, json_extract(body, '$.payment_intent'), seq)
    where json_extract(body, '$.payment_intent') is not null;
  create index if not exists objects_of_charge on objects (kind, json_extract(body, '$.charge'), seq)
    where json_extract(body, '$.charge') is not null;
`

/** Fields that a list may filter by. */
export type Filter = 'payment_intent' | 'charge' | 'customer' | 'payment_method' | 'email' | 'type'

/** One page of a list. `olderThan` and `newerThan` are sequence numbers in the order of creation. */
export interface PageQuery {
  where?: Partial<Record<Filter, string>>
  /** Event types. A `*` at the end matches any suffix. */
  types?: string[]
  /** Only events whose webhooks were all delivered (true) or were not (false). */
  delivered?: boolean
  /** Only objects of a customer. */
  attachedOnly?: boolean
  created?: { comparison: '=' | '<' | '<=' | '>' | '>='; value: number }[]
  olderThan?: number
  newerThan?: number
  limit: number
}

/** `sql` is a condition on the columns of `objects` that binds `values`. */
export interface SearchQuery {
  sql: string
  values: (string | number)[]
  createdBy: number
  olderThan: number | undefined
  limit: number
}

/**
 * The emulator's state in one SQLite file.
 *
 * With WAL and synchronous=NORMAL a commit survives the end of the process but not of the machine, which is enough for
 * a development tool. The operating system releases the exclusive lock of a killed process.
 */
export class Store {
  readonly db: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  /** @param stateDir undefined keeps everything in memory */
  constructor(stateDir: string | undefined) {
    if (stateDir !== undefined) mkdirSync(stateDir, { recursive: true })
    const file = stateDir === undefined ? ':memory:' : join(stateDir, 'stripe.sqlite')
    this.db = new DatabaseSync(file, { timeout: 1500 })
    try {
      this.db.exec(PRAGMAS)
      this.db.exec(SCHEMA)
    } catch (cause) {
      this.db.close()
      const hint = `Is another Stripe emulator running on it? Stop that one, or choose another state directory.`
      throw new Error(`The Stripe emulator cannot open ${file}. ${hint}`, { cause })
    }
  }

  prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql)
    if (known) return known
    const statement = this.db.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }

  /** Runs `work` in one transaction. An exception rolls it back. */
  transaction<T>(work: () => T): T {
    this.prepare('begin immediate').run()
    try {
      const value = work()
      this.prepare('commit').run()
      return value
    } catch (error) {
      this.prepare('rollback').run()
      throw error
    }
  }

  insert<K extends Kind>(kind: K, object: Kinds[K]): void {
    this.prepare('insert into objects (kind, id, created, body) values (?, ?, ?, ?)').run(
      kind,
      object.id,
      object.created,
      JSON.stringify(object),
    )
  }

  update<K extends Kind>(kind: K, object: Kinds[K]): void {
    this.prepare('update objects set body = ? where kind = ? and id = ?').run(JSON.stringify(object), kind, object.id)
  }

  remove(kind: Kind, id: string): void {
    this.prepare('delete from objects where kind = ? and id = ?').run(kind, id)
  }

  find<K extends Kind>(kind: K, id: string): Kinds[K] | undefined {
    const row = this.prepare('select body from objects where kind = ? and id = ?').get(kind, id)
    return row && parse(row)
  }

  sequenceOf(kind: Kind, id: string): number | undefined {
    const row = this.prepare('select seq from objects where kind = ? and id = ?').get(kind, id)
    return row && Number(row.seq)
  }

  /** Newest first. With `newerThan` alone, returns the page right above that object, also newest first. */
  page<K extends Kind>(kind: K, query: PageQuery): Kinds[K][] {
    const conditions = ['kind = ?']
    const values: (string | number)[] = [kind]
    const add = (condition: string, ...bound: (string | number)[]) => {
      conditions.push(condition)
      values.push(...bound)
    }
    for (const { comparison, value } of query.created ?? []) add(`created ${comparison} ?`, value)
    if (query.olderThan !== undefined) add('seq < ?', query.olderThan)
    if (query.newerThan !== undefined) add('seq > ?', query.newerThan)
    // The names come from the type Filter, never from a request.
    for (const [field, value] of Object.entries(query.where ?? {})) add(`json_extract(body, '$.${field}') = ?`, value)
    if (query.types) {
      add(
        `exists (select 1 from json_each(?) where json_extract(body, '$.type') glob value)`,
        JSON.stringify(query.types),
      )
    }
    if (query.delivered !== undefined) {
      const undelivered = `exists (select 1 from deliveries where event_id = objects.id and state <> 'delivered')`
      add(query.delivered ? `not ${undelivered}` : undelivered)
    }
    if (query.attachedOnly) add(`json_extract(body, '$.customer') is not null`)

    const upwards = query.newerThan !== undefined && query.olderThan === undefined
    const order = upwards ? 'asc' : 'desc'
    const sql = `select body from objects where ${conditions.join(' and ')} order by seq ${order} limit ?`
    const found = this.prepare(sql)
      .all(...values, query.limit)
      .map(parse<Kinds[K]>)
    return upwards ? found.reverse() : found
  }

  /** The objects that match a condition and were created by `createdBy`, newest first. */
  search<K extends Kind>(kind: K, query: SearchQuery): { seq: number; object: Kinds[K] }[] {
    const { sql, values, createdBy, olderThan = Number.MAX_SAFE_INTEGER, limit } = query
    return this.prepare(
      `select seq, body from objects where kind = ? and created <= ? and seq < ? and ${sql} order by seq desc limit ?`,
    )
      .all(kind, createdBy, olderThan, ...values, limit)
      .map((row) => ({ seq: Number(row.seq), object: parse<Kinds[K]>(row) }))
  }

  /** All objects of a kind, oldest first. */
  all<K extends Kind>(kind: K): Kinds[K][] {
    return this.prepare('select body from objects where kind = ? order by seq')
      .all(kind)
      .map(parse<Kinds[K]>)
  }

  close(): void {
    this.db.close()
  }
}

/** Only insert and update write rows, so a row has its kind's type. */
function parse<T>(row: Record<string, unknown>): T {
  return JSON.parse(String(row.body)) as T
}
