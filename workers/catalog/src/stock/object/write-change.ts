import type { StockLevel } from '../domain/level.ts'
import type { LowStock } from '../domain/low-stock.ts'
import type { Movement } from '../domain/movement.ts'
import type { Hold, Sale, StockChange } from '../domain/stock-change.ts'

/** Writes all parts of a change. */
export function writeChange(sql: SqlStorage, { level, hold, sale, movement, low }: StockChange): void {
  if (level !== undefined) writeLevel(sql, level)
  if (hold !== undefined) writeHold(sql, hold)
  if (sale !== undefined) writeSale(sql, sale)
  if (movement !== undefined) appendMovement(sql, movement)
  if (low !== undefined) appendLowStock(sql, low)
}

function writeLevel(sql: SqlStorage, { onHand, held, sequence }: StockLevel): void {
  const oversold = Math.max(0, held - onHand)
  sql.exec(
    `INSERT INTO level (id, on_hand, held, sequence, oversold) VALUES (1, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET on_hand = excluded.on_hand, held = excluded.held, sequence = excluded.sequence,
       oversold = excluded.oversold`,
    onHand + oversold,
    held,
    sequence,
    oversold,
  )
}

function writeHold(sql: SqlStorage, { holdId, quantity, expiresAt, state, endedAt }: Hold): void {
  sql.exec(
    `INSERT INTO holds (hold_id, quantity, expires_at, state, ended_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (hold_id) DO UPDATE SET quantity = excluded.quantity, expires_at = excluded.expires_at,
       state = excluded.state, ended_at = excluded.ended_at`,
    holdId,
    quantity,
    expiresAt.getTime(),
    state,
    endedAt?.getTime() ?? null,
  )
}

function writeSale(sql: SqlStorage, { holdId, quantity, outcome, available, at }: Sale): void {
  sql.exec('DELETE FROM holds WHERE hold_id = ?', holdId)
  const [earlier] = sql
    .exec<{ sold: number }>(`SELECT quantity AS sold FROM sales WHERE hold_id = ? AND outcome = 'sold'`, holdId)
    .toArray()
  const sold = (outcome === 'sold' ? quantity : 0) - (earlier?.sold ?? 0)
  if (sold !== 0) sql.exec('UPDATE level SET sold = sold + ?', sold)
  sql.exec(
    `INSERT INTO sales (hold_id, quantity, outcome, available, at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (hold_id) DO UPDATE SET quantity = excluded.quantity, outcome = excluded.outcome,
       available = excluded.available, at = excluded.at`,
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

function appendLowStock(sql: SqlStorage, { sequence, available, threshold, at }: LowStock): void {
  const query = 'INSERT INTO low_stock (sequence, available, threshold, at) VALUES (?, ?, ?, ?)'
  sql.exec(query, sequence, available, threshold, at.getTime())
}
