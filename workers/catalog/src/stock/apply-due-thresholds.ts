import type { CatalogDeps } from '../deps.ts'
import type { VariantThreshold } from './repository/index.ts'

type ApplyDeps = Pick<CatalogDeps, 'thresholds' | 'stock' | 'warn'>

const BATCH = 50

/**
 * Sends the low-stock thresholds that no stock object has confirmed.
 *
 * @returns how many were confirmed
 */
export async function applyDueThresholds(deps: ApplyDeps, now: Date): Promise<number> {
  const claimed = await deps.thresholds.claim({ limit: BATCH, now })
  const applied = await Promise.all(claimed.map(({ key, threshold }) => apply(deps, threshold, { key, now })))
  return applied.filter(Boolean).length
}

/** False when it failed: the claim has postponed the next attempt already. */
async function apply(
  { thresholds, stock, warn }: ApplyDeps,
  { variantId, ...threshold }: VariantThreshold,
  event: { key: string; now: Date },
): Promise<boolean> {
  try {
    await stock.watchLowStock(variantId, threshold)
    await thresholds.confirm(event)
    return true
  } catch (error) {
    warn('stock_watch_postponed', { variantId, error })
    return false
  }
}
