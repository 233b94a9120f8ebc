import type { Movement, StockLedgerEntry, StockLevel } from '@shop/contracts'
import { EMPTY_STOCK, type Hold, type Sale, type StockChange } from '../domain/stock/books.ts'
import type { Books } from '../domain/stock/keeper.ts'
import { type LowStock, type LowStockWatch, NOT_WATCHED } from '../domain/stock/low-stock.ts'
import { NOTHING_DUE, type Projection } from '../domain/stock/projection.ts'
import { type HoldRow, type LedgerRow, type SaleRow, toEntry, toHold, toInstant, toSale } from './rows.ts'

/** How long the end of a hold is remembered: longer than any call about it is repeated. Sales are kept for good. */
const KEEP_ENDED_HOURS = 48

/**
 * The books of one variant in the object's own SQLite, and when they have to be looked at next. What nearly every call
 * asks is also kept in memory: nobody but this object writes it.
 */
export type SqlBooks = Books & {
  projection(): Projection
  saveProjection(projection: Projection): void
  /** The earliest of next expiry and projection due; null when nothing is to come. */
  nextWake(): Date | null
  forgetEndedHolds(now: Date): void
  /** Newest first; those before an entry, where one is given. */
  ledger(page: { before?: number | undefined; limit: number }): StockLedgerEntry[]
  /** The sums of all movements and of all live holds. */
  totals(): { moved: number; held: number }
  /** Falls of the stock that nobody has confirmed to know of, oldest first, a few at a time. */
  untoldLowStock(): LowStock[]
  forgetLowStock(upTo: number): void
  /** Forgets what is kept in memory, after a write that was rolled back. */
  reread(): void
}

/** Absent members have to be read first. */
type Kept = { level?: StockLevel; projection?: Projection; nextExpiry?: Date | null; lowStock?: LowStockWatch }

type LevelRow = { on_hand: number; held: number; sequence: number }

const TOLD_AT_ONCE = 20

export function openBooks(sql: SqlStorage, variantId: number): SqlBooks {
  const first = <Row extends Record<string, SqlStorageValue>>(query: string, ...values: SqlStorageValue[]) =>
    sql
      .exec<Row>(query, ...values)
      .toArray()
      .at(0)

  let kept: Kept = {}
  const readLevel = (): StockLevel => {
    const row = first<LevelRow>('SELECT on_hand, held, sequence FROM level')
    if (row === undefined) return EMPTY_STOCK
    return { onHand: row.on_hand, held: row.held, available: row.on_hand - row.held, sequence: row.sequence }
  }
  const readProjection = (): Projection => {
    const row = first<{ due_at: number | null; failures: number }>('SELECT due_at, failures FROM projection')
    return row === undefined ? NOTHING_DUE : { dueAt: toInstant(row.due_at), failures: row.failures }
  }
  const readNextExpiry = (): Date | null => {
    const row = first<{ at: number | null }>("SELECT min(expires_at) AS at FROM holds WHERE state = 'live'")
    return toInstant(row?.at ?? null)
  }
  const level = () => (kept.level ??= readLevel())
  const projection = () => (kept.projection ??= readProjection())
  const nextExpiry = () => {
    if (kept.nextExpiry === undefined) kept.nextExpiry = readNextExpiry()
    return kept.nextExpiry
  }
  return {
    variantId,
    level,
    projection,
    saveProjection: (next) => {
      saveProjection(sql, next)
      kept.projection = next
    },
    hold: (holdId) => found(first<HoldRow>('SELECT * FROM holds WHERE hold_id = ?', holdId), toHold),
    sale: (holdId) => found(first<SaleRow>('SELECT * FROM sales WHERE hold_id = ?', holdId), toSale),
    movement: (key): Movement | undefined =>
      found(first<LedgerRow>('SELECT * FROM ledger WHERE key = ?', key), toEntry),
    wasSet: () => first("SELECT 1 AS found FROM ledger WHERE reason = 'set' LIMIT 1") !== undefined,
    lowStock: () =>
      (kept.lowStock ??= first<LowStockWatch>('SELECT threshold, version FROM low_stock_watch') ?? NOT_WATCHED),
    watchLowStock: (watch) => {
      const { threshold, version } = watch
      sql.exec('INSERT OR REPLACE INTO low_stock_watch (id, threshold, version) VALUES (1, ?, ?)', threshold, version)
      kept.lowStock = watch
    },
    ledger: ({ before = Number.MAX_SAFE_INTEGER, limit }) =>
      sql
        .exec<LedgerRow>('SELECT * FROM ledger WHERE entry < ? ORDER BY entry DESC LIMIT ?', before, limit)
        .toArray()
        .map(toEntry),
    totals: () => {
      const query = `SELECT (SELECT coalesce(sum(delta), 0) FROM ledger) AS moved,
        (SELECT coalesce(sum(quantity), 0) FROM holds WHERE state = 'live') AS held`
      return sql.exec<{ moved: number; held: number }>(query).one()
    },
    untoldLowStock: () =>
      sql
        .exec<{ sequence: number; available: number; threshold: number; at: number }>(
          'SELECT * FROM low_stock ORDER BY sequence LIMIT ?',
          TOLD_AT_ONCE,
        )
        .toArray()
        .map((row) => ({ ...row, at: new Date(row.at) })),
    forgetLowStock: (upTo) => {
      sql.exec('DELETE FROM low_stock WHERE sequence <= ?', upTo)
    },
    overdueHolds: (at) => {
      const next = nextExpiry()
      if (next === null || next > at) return []
      const query = "SELECT * FROM holds WHERE state = 'live' AND expires_at <= ?"
      return sql.exec<HoldRow>(query, at.getTime()).toArray().map(toHold)
    },
    save: (change) => {
      saveParts(sql, change)
      if (change.level !== undefined) kept.level = change.level
      if (change.hold !== undefined || change.sale !== undefined) delete kept.nextExpiry
    },
    nextWake: () => earliest(nextExpiry(), projection().dueAt),
    forgetEndedHolds: (at) => {
      sql.exec('DELETE FROM holds WHERE ended_at <= ?', at.getTime() - KEEP_ENDED_HOURS * 3_600_000)
    },
    reread: () => {
      kept = {}
    },
  }
}

function saveProjection(sql: SqlStorage, { dueAt, failures }: Projection): void {
  const due = dueAt?.getTime() ?? null
  sql.exec('INSERT OR REPLACE INTO projection (id, due_at, failures) VALUES (1, ?, ?)', due, failures)
}

function saveParts(sql: SqlStorage, { level, hold, sale, movement, low }: StockChange): void {
  if (level !== undefined) {
    const { onHand, held, sequence } = level
    sql.exec('INSERT OR REPLACE INTO level (id, on_hand, held, sequence) VALUES (1, ?, ?, ?)', onHand, held, sequence)
  }
  if (hold !== undefined) saveHold(sql, hold)
  if (sale !== undefined) saveSale(sql, sale)
  if (movement !== undefined) appendMovement(sql, movement)
  if (low !== undefined) {
    const { sequence, available, threshold, at } = low
    const query = 'INSERT INTO low_stock (sequence, available, threshold, at) VALUES (?, ?, ?, ?)'
    sql.exec(query, sequence, available, threshold, at.getTime())
  }
}

function saveHold(sql: SqlStorage, { holdId, quantity, expiresAt, state, endedAt }: Hold): void {
  sql.exec(
    'INSERT OR REPLACE INTO holds (hold_id, quantity, expires_at, state, ended_at) VALUES (?, ?, ?, ?, ?)',
    holdId,
    quantity,
    expiresAt.getTime(),
    state,
    endedAt?.getTime() ?? null,
  )
}

function saveSale(sql: SqlStorage, { holdId, quantity, outcome, available, at }: Sale): void {
  sql.exec('DELETE FROM holds WHERE hold_id = ?', holdId)
  sql.exec(
    'INSERT OR REPLACE INTO sales (hold_id, quantity, outcome, available, at) VALUES (?, ?, ?, ?, ?)',
    holdId,
    quantity,
    outcome,
    available,
    at.getTime(),
  )
}

function appendMovement(sql: SqlStorage, movement: Movement): void {
  const { key, reason, requested, delta, onHand, held, note, actor, at } = movement
  sql.exec(
    `INSERT INTO ledger (key, reason, requested, delta, on_hand, held, note, actor, at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    key,
    reason,
    requested,
    delta,
    onHand,
    held,
    note,
    actor,
    at.getTime(),
  )
}

function found<Row, T>(row: Row | undefined, read: (row: Row) => T): T | undefined {
  return row === undefined ? undefined : read(row)
}

function earliest(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b
  return a < b ? a : b
}
