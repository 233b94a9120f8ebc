import type { StockLevel } from '@shop/contracts'
import { type Adjustment, EMPTY_STOCK, type Hold, type Sale, type StockChange } from '../domain/stock/books.ts'
import type { Books } from '../domain/stock/keeper.ts'
import { NOTHING_DUE, type Projection } from '../domain/stock/projection.ts'
import { createTables } from './tables.ts'

/** How long the end of a hold is remembered: longer than any call about it is repeated. Sales are kept for good. */
const KEEP_ENDED_HOURS = 48

/** The books of one variant in the object's own SQLite, and when they have to be looked at next. */
export type SqlBooks = Books & {
  projection(): Projection
  saveProjection(projection: Projection): void
  /** The earliest of next expiry and projection due; null when nothing is to come. */
  nextWake(): Date | null
  forgetEndedHolds(now: Date): void
}

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

  const level = (): StockLevel => {
    const row = first<LevelRow>('SELECT on_hand, held, sequence FROM level')
    if (row === undefined) return EMPTY_STOCK
    return { onHand: row.on_hand, held: row.held, available: row.on_hand - row.held, sequence: row.sequence }
  }
  const projection = (): Projection => {
    const row = first<{ due_at: number | null; failures: number }>('SELECT due_at, failures FROM projection')
    return row === undefined ? NOTHING_DUE : { dueAt: instant(row.due_at), failures: row.failures }
  }
  const saveProjection = ({ dueAt, failures }: Projection) => {
    sql.exec(
      'INSERT OR REPLACE INTO projection (id, due_at, failures) VALUES (1, ?, ?)',
      dueAt?.getTime() ?? null,
      failures,
    )
  }
  return {
    variantId,
    level,
    projection,
    saveProjection,
    hold: (holdId) => toHold(first<HoldRow>('SELECT * FROM holds WHERE hold_id = ?', holdId)),
    sale: (holdId) => toSale(first<SaleRow>('SELECT * FROM sales WHERE hold_id = ?', holdId)),
    adjustment: (key) => toAdjustment(first<AdjustmentRow>('SELECT * FROM adjustments WHERE key = ?', key)),
    wasSet: () => first("SELECT 1 AS found FROM adjustments WHERE kind = 'set' LIMIT 1") !== undefined,
    overdueHolds: (at) =>
      sql
        .exec<HoldRow>("SELECT * FROM holds WHERE state = 'live' AND expires_at <= ?", at.getTime())
        .toArray()
        .map(readHold),
    save: (change) => saveParts(sql, change),
    nextWake: () => {
      const expiry = first<{ at: number | null }>("SELECT min(expires_at) AS at FROM holds WHERE state = 'live'")
      return earliest(instant(expiry?.at ?? null), projection().dueAt)
    },
    forgetEndedHolds: (at) => {
      sql.exec('DELETE FROM holds WHERE ended_at <= ?', at.getTime() - KEEP_ENDED_HOURS * 3_600_000)
    },
  }
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
