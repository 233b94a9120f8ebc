import { migrateObject } from '@shop/http/object-schema'
import { EMPTY_STOCK, type StockLevel } from '../domain/level.ts'
import { type LowStock, type LowStockThreshold, NO_THRESHOLD } from '../domain/low-stock.ts'
import type { StockLedgerEntry } from '../domain/movement.ts'
import { NOTHING_DUE, type Projection } from '../domain/projection.ts'
import type { Hold, Sale, StockChange } from '../domain/stock-change.ts'
import type { StockStorage } from '../domain/variant-stock.ts'
import {
  type HoldRow,
  type LedgerRow,
  type LowStockRow,
  toEntry,
  toHold,
  toInstant,
  toLevel,
  toLowStock,
  toProjection,
  toSale,
} from './rows.ts'
import { STEPS } from './tables.ts'
import { writeChange } from './write-change.ts'

/** How long an ended hold is kept: longer than any call about it is repeated. Sales are kept for good. */
const KEEP_ENDED_HOURS = 48

/** Falls to the threshold that are reported at once. */
const LOW_STOCK_BATCH = 20

/** Absent members have not been read yet. */
type Cache = {
  hasTables?: boolean
  level?: StockLevel
  projection?: Projection
  nextExpiry?: Date | null
  threshold?: LowStockThreshold
}

/**
 * The stock of one variant in the object's own SQLite. What nearly every call reads is also cached in memory, since
 * nothing but this object writes it.
 *
 * The tables are made by the first write: an object that was only asked stores nothing, so that it ceases to exist.
 */
export class SqlStockStorage implements StockStorage {
  readonly variantId: number
  readonly #storage: DurableObjectStorage
  #cache: Cache = {}

  constructor(storage: DurableObjectStorage, variantId: number) {
    this.#storage = storage
    this.variantId = variantId
    if (this.hasTables()) migrateObject(storage, STEPS)
  }

  level(): StockLevel {
    this.#cache.level ??= this.#first('SELECT on_hand, held, sequence, oversold FROM level', [], toLevel) ?? EMPTY_STOCK
    return this.#cache.level
  }

  /** Units that were sold and not returned. */
  sold(): number {
    return this.#first('SELECT sold FROM level', [], ({ sold }: { sold: number }) => sold) ?? 0
  }

  hold(holdId: string): Hold | undefined {
    return this.#first('SELECT * FROM holds WHERE hold_id = ?', [holdId], toHold)
  }

  sale(holdId: string): Sale | undefined {
    return this.#first('SELECT * FROM sales WHERE hold_id = ?', [holdId], toSale)
  }

  movement(key: string): StockLedgerEntry | undefined {
    return this.#first('SELECT * FROM ledger WHERE key = ?', [key], toEntry)
  }

  threshold(): LowStockThreshold {
    const query = 'SELECT threshold, version FROM low_stock_watch'
    this.#cache.threshold ??= this.#first(query, [], (row: LowStockThreshold) => row) ?? NO_THRESHOLD
    return this.#cache.threshold
  }

  saveThreshold(watch: LowStockThreshold): void {
    const query = `INSERT INTO low_stock_watch (id, threshold, version) VALUES (1, ?, ?)
      ON CONFLICT (id) DO UPDATE SET threshold = excluded.threshold, version = excluded.version`
    this.#write().exec(query, watch.threshold, watch.version)
    this.#cache.threshold = watch
  }

  overdueHolds(now: Date): Hold[] {
    const next = this.#nextExpiry()
    if (next === null || next > now) return []
    const query = "SELECT * FROM holds WHERE state = 'live' AND expires_at <= ?"
    return this.#all<HoldRow>(query, now.getTime()).map(toHold)
  }

  save(change: StockChange): void {
    if (Object.keys(change).length === 0) return
    writeChange(this.#write(), change)
    if (change.level !== undefined) this.#cache.level = change.level
    if (change.hold !== undefined || change.sale !== undefined) delete this.#cache.nextExpiry
  }

  projection(): Projection {
    const query = 'SELECT due_at, failures FROM projection'
    this.#cache.projection ??= this.#first(query, [], toProjection) ?? NOTHING_DUE
    return this.#cache.projection
  }

  saveProjection(projection: Projection): void {
    const dueAt = projection.dueAt?.getTime() ?? null
    const query = `INSERT INTO projection (id, due_at, failures) VALUES (1, ?, ?)
      ON CONFLICT (id) DO UPDATE SET due_at = excluded.due_at, failures = excluded.failures`
    this.#write().exec(query, dueAt, projection.failures)
    this.#cache.projection = projection
  }

  /** The earlier of the next expiry and the next projection; null when neither is due. */
  nextAlarm(): Date | null {
    return earliest(this.#nextExpiry(), this.projection().dueAt)
  }

  deleteEndedHolds(now: Date): void {
    this.#write().exec('DELETE FROM holds WHERE ended_at <= ?', now.getTime() - KEEP_ENDED_HOURS * 3_600_000)
  }

  /** Ledger entries, newest first; those before `before`, if given. */
  ledger({ before = Number.MAX_SAFE_INTEGER, limit }: { before?: number | undefined; limit: number }) {
    const query = 'SELECT * FROM ledger WHERE entry < ? ORDER BY entry DESC LIMIT ?'
    return this.#all<LedgerRow>(query, before, limit).map(toEntry)
  }

  /** The sums of all movements and of all live holds. */
  totals(): { moved: number; held: number } {
    const query = `SELECT (SELECT coalesce(sum(delta), 0) FROM ledger) AS moved,
      (SELECT coalesce(sum(quantity), 0) FROM holds WHERE state = 'live') AS held`
    return this.#all<{ moved: number; held: number }>(query)[0] ?? { moved: 0, held: 0 }
  }

  /** Falls to the threshold that are not known to be reported, oldest first, at most {@link LOW_STOCK_BATCH}. */
  unreportedLowStock(): LowStock[] {
    const query = 'SELECT * FROM low_stock ORDER BY sequence LIMIT ?'
    return this.#all<LowStockRow>(query, LOW_STOCK_BATCH).map(toLowStock)
  }

  deleteLowStockUpTo(sequence: number): void {
    this.#write().exec('DELETE FROM low_stock WHERE sequence <= ?', sequence)
  }

  /** False while nothing was ever written. */
  hasTables(): boolean {
    const query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'"
    this.#cache.hasTables ??= this.#storage.sql.exec(query).toArray().length > 0
    return this.#cache.hasTables
  }

  /** Empties the cache, after a write was rolled back. */
  clearCache(): void {
    this.#cache = {}
  }

  #nextExpiry(): Date | null {
    if (this.#cache.nextExpiry === undefined) {
      const query = "SELECT min(expires_at) AS at FROM holds WHERE state = 'live'"
      this.#cache.nextExpiry = this.#first(query, [], ({ at }: { at: number | null }) => toInstant(at)) ?? null
    }
    return this.#cache.nextExpiry
  }

  #first<Row extends Record<string, SqlStorageValue>, T>(
    query: string,
    values: SqlStorageValue[],
    read: (row: Row) => T,
  ): T | undefined {
    const [row] = this.#all<Row>(query, ...values)
    return row === undefined ? undefined : read(row)
  }

  /** The rows of a query; none where there are no tables yet. */
  #all<Row extends Record<string, SqlStorageValue>>(query: string, ...values: SqlStorageValue[]): Row[] {
    return this.hasTables() ? this.#storage.sql.exec<Row>(query, ...values).toArray() : []
  }

  /** For statements that write: makes the tables first, if there are none yet. */
  #write(): SqlStorage {
    if (!this.hasTables()) {
      migrateObject(this.#storage, STEPS)
      this.#cache.hasTables = true
    }
    return this.#storage.sql
  }
}

function earliest(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b
  return a < b ? a : b
}
