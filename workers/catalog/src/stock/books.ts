import type { StockLevel } from '@shop/contracts'
import { type Adjustment, EMPTY_STOCK, type Hold, type Sale, type StockChange } from '../domain/stock/books.ts'
import type { Books } from '../domain/stock/keeper.ts'
import { NOTHING_DUE, type Projection } from '../domain/stock/projection.ts'
import { createTables } from './tables.ts'

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
  /** Forgets what is kept in memory, after a write that was rolled back. */
  reread(): void
}

/** Absent members have to be read first. */
type Kept = { level?: StockLevel; projection?: Projection; nextExpiry?: Date | null }

type LevelRow = { on_hand: number; held: number; sequence: number }
type HoldRow = { hold_id: string; quantity: number; expires_at: number; state: Hold['state']; ended_at: number | null }
type SaleRow = { hold_id: string; quantity: number; outcome: Sale['outcome']; available: number; at: number }
type AdjustmentRow = Omit<Adjustment, 'at'> & { at: number }

export function openBooks(sql: SqlStorage, variantId: number): SqlBooks {
  createTables(sql)
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
    return row === undefined ? NOTHING_DUE : { dueAt: instant(row.due_at), failures: row.failures }
  }
  const readNextExpiry = (): Date | null => {
    const row = first<{ at: number | null }>("SELECT min(expires_at) AS at FROM holds WHERE state = 'live'")
    return instant(row?.at ?? null)
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
    hold: (holdId) => toHold(first<HoldRow>('SELECT * FROM holds WHERE hold_id = ?', holdId)),
    sale: (holdId) => toSale(first<SaleRow>('SELECT * FROM sales WHERE hold_id = ?', holdId)),
    adjustment: (key) => toAdjustment(first<AdjustmentRow>('SELECT * FROM adjustments WHERE key = ?', key)),
    wasSet: () => first("SELECT 1 AS found FROM adjustments WHERE kind = 'set' LIMIT 1") !== undefined,
    overdueHolds: (at) => {
      const next = nextExpiry()
      if (next === null || next > at) return []
      const query = "SELECT * FROM holds WHERE state = 'live' AND expires_at <= ?"
      return sql.exec<HoldRow>(query, at.getTime()).toArray().map(readHold)
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

function saveParts(sql: SqlStorage, { level, hold, sale, adjustment }: StockChange): void {
  if (level !== undefined) {
    sql.exec(
      'INSERT OR REPLACE INTO level (id, on_hand, held, sequence) VALUES (1, ?, ?, ?)',
      level.onHand,
      level.held,
      level.sequence,
    )
  }
  if (hold !== undefined) {
    sql.exec(
      'INSERT OR REPLACE INTO holds (hold_id, quantity, expires_at, state, ended_at) VALUES (?, ?, ?, ?, ?)',
      hold.holdId,
      hold.quantity,
      hold.expiresAt.getTime(),
      hold.state,
      hold.endedAt?.getTime() ?? null,
    )
  }
  if (sale !== undefined) {
    sql.exec('DELETE FROM holds WHERE hold_id = ?', sale.holdId)
    sql.exec(
      'INSERT OR REPLACE INTO sales (hold_id, quantity, outcome, available, at) VALUES (?, ?, ?, ?, ?)',
      sale.holdId,
      sale.quantity,
      sale.outcome,
      sale.available,
      sale.at.getTime(),
    )
  }
  if (adjustment !== undefined) {
    const { key, kind, requested, delta, reason, at } = adjustment
    sql.exec(
      'INSERT INTO adjustments (key, kind, requested, delta, reason, at) VALUES (?, ?, ?, ?, ?, ?)',
      key,
      kind,
      requested,
      delta,
      reason,
      at.getTime(),
    )
  }
}

function readHold(row: HoldRow): Hold {
  return {
    holdId: row.hold_id,
    quantity: row.quantity,
    expiresAt: new Date(row.expires_at),
    state: row.state,
    endedAt: instant(row.ended_at),
  }
}

const toHold = (row: HoldRow | undefined): Hold | undefined => (row === undefined ? undefined : readHold(row))

function toSale(row: SaleRow | undefined): Sale | undefined {
  if (row === undefined) return undefined
  const { hold_id, quantity, outcome, available, at } = row
  return { holdId: hold_id, quantity, outcome, available, at: new Date(at) }
}

function toAdjustment(row: AdjustmentRow | undefined): Adjustment | undefined {
  return row === undefined ? undefined : { ...row, at: new Date(row.at) }
}

const instant = (milliseconds: number | null) => (milliseconds === null ? null : new Date(milliseconds))

function earliest(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b
  return a < b ? a : b
}
