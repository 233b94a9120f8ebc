import type { StockLevel } from './level.ts'

/** Stock is low when this many units or fewer are available; null disables the check. A higher version is newer. */
export type LowStockThreshold = { threshold: number | null; version: number }

/** Available stock has fallen to the threshold or below. `sequence` is that of the level, so each fall is reported once. */
export type LowStock = { sequence: number; available: number; threshold: number; at: Date }

export const NO_THRESHOLD: LowStockThreshold = { threshold: null, version: 0 }

/** The fall to the threshold, if a change crosses it downward. Stock that stays low or rises is not reported. */
export function fallToThreshold(
  before: StockLevel,
  after: StockLevel,
  { threshold }: LowStockThreshold,
  at: Date,
): LowStock | undefined {
  if (threshold === null || before.available <= threshold || after.available > threshold) return undefined
  return { sequence: after.sequence, available: after.available, threshold, at }
}
