import type { StockLevel } from '@shop/contracts'

/** From how few available units on stock is low; null when nobody wants to know. A higher version is newer. */
export type LowStockWatch = { threshold: number | null; version: number }

/** Stock has fallen to the threshold or below. `sequence` names the change it fell with, so it is told once. */
export type LowStock = { sequence: number; available: number; threshold: number; at: Date }

export const NOT_WATCHED: LowStockWatch = { threshold: null, version: 0 }

/** Whether a change crosses the threshold downward. Stock that stays low, or rises, is no news. */
export function fallsLow(
  before: StockLevel,
  after: StockLevel,
  { threshold }: LowStockWatch,
  at: Date,
): LowStock | undefined {
  if (threshold === null || before.available <= threshold || after.available > threshold) return undefined
  return { sequence: after.sequence, available: after.available, threshold, at }
}
