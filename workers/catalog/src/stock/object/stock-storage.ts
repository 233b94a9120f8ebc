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
import { writeChange } from './write-change.ts'

/** How long an ended hold is kept: longer than any call about it is repeated. Sales are kept for good. */
const KEEP_ENDED_HOURS = 48

/** Falls to the threshold that are reported at once. */
const LOW_STOCK_BATCH = 20

/** Absent members have not been read yet. */
type Cache = {
  level?: StockLevel
  projection?: Projection
  nextExpiry?: Date | null
  threshold?: LowStockThreshold
}

/**
 * The stock of one variant in the object's own SQLite. What nearly every call reads is also cached in memory, since
 * nothing but this object writes it.
 */
export class SqlStockStorage implements StockStorage {
  readonly variantId: number
  readonly #sql: SqlStorage
  #cache: Cache = {}

  constructor(sql: SqlStorage, variantId: number) {
    this.#sql = sql
    this.variantId = variantId
  }

  level(): StockLevel {
    this.#cache.level ??= this.#first('SELECT on_hand, held, sequence FROM level', [], toLevel) ?? EMPTY_STOCK
    return this.#cache.level
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

  wasSet(): boolean {
    return this.#first("SELECT 1 AS found FROM ledger WHERE reason = 'set' LIMIT 1", [], () => true) ?? false
  }

  threshold(): LowStockThreshold {
    const query = 'SELECT threshold, version FROM low_stock_watch'
    this.#cache.threshold ??= this.#first(query, [], (row: LowStockThreshold) => row) ?? NO_THRESHOLD
    return this.#cache.threshold
  }

  saveThreshold(watch: LowStockThreshold): void {
    const query = `INSERT INTO low_stock_watch (id, threshold, version) VALUES (1, ?, ?)
      ON CONFLICT (id) DO UPDATE SET threshold = excluded.threshold, version = excluded.version`
    this.#sql.exec(query, watch.threshold, watch.version)
    this.#cache.threshold = watch
  }

  overdueHolds(now: Date): Hold[] {
    const next = this.#nextExpiry()
    if (next === null || next > now) return []
    const query = "SELECT * FROM holds WHERE state = 'live' AND expires_at <= ?"
    return this.#sql.exec<HoldRow>(query, now.getTime()).toArray().map(toHold)
  }

  save(change: StockChange): void {
    writeChange(this.#sql, change)
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
    this.#sql.exec(query, dueAt, projection.failures)
    this.#cache.projection = projection
  }

  /** The earlier of the next expiry and the next projection; null when neither is due. */
  nextAlarm(): Date | null {
    return earliest(this.#nextExpiry(), this.projection().dueAt)
  }

  deleteEndedHolds(now: Date): void {
    this.#sql.exec('DELETE FROM holds WHERE ended_at <= ?', now.getTime() - KEEP_ENDED_HOURS * 3_600_000)
  }

  /** Ledger entries, newest first; those before `before`, if given. */
  ledger({ before = Number.MAX_SAFE_INTEGER, limit }: { before?: number | undefined; limit: number }) {
    const query = 'SELECT * FROM ledger WHERE entry < ? ORDER BY entry DESC LIMIT ?'
    return this.#sql.exec<LedgerRow>(query, before, limit).toArray().map(toEntry)
  }

  /** The sums of all movements and of all live holds. */
  totals(): { moved: number; held: number } {
    const query = `SELECT (SELECT coalesce(sum(delta), 0) FROM ledger) AS moved,
      (SELECT coalesce(sum(quantity), 0) FROM holds WHERE state = 'live') AS held`
    return this.#sql.exec<{ moved: number; held: number }>(query).one()
  }

  /** Falls to the threshold that are not known to be reported, oldest first, at most {@link LOW_STOCK_BATCH}. */
  unreportedLowStock(): LowStock[] {
    const query = 'SELECT * FROM low_stock ORDER BY sequence LIMIT ?'
    return this.#sql.exec<LowStockRow>(query, LOW_STOCK_BATCH).toArray().map(toLowStock)
  }

  deleteLowStockUpTo(sequence: number): void {
    this.#sql.exec('DELETE FROM low_stock WHERE sequence <= ?', sequence)
  }

  /** Empties the cache, after a write was rolled back. */
  clearCache(): void {
    this.#cache = {}
  }

  #nextExpiry(): Date | null {
    if (this.#cache.nextExpiry === undefined) {
      const query = "SELECT min(expires_at) AS at FROM holds WHERE state = 'live'"
      this.#cache.nextExpiry = toInstant(this.#sql.exec<{ at: number | null }>(query).one().at)
    }
    return this.#cache.nextExpiry
  }

  #first<Row extends Record<string, SqlStorageValue>, T>(
    query: string,
    values: SqlStorageValue[],
    read: (row: Row) => T,
  ): T | undefined {
    const row = this.#sql
      .exec<Row>(query, ...values)
      .toArray()
      .at(0)
    return row === undefined ? undefined : read(row)
  }
}

function earliest(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b
  return a < b ? a : b
}
