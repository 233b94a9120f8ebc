import type { CatalogDeps } from '../deps.ts'

/**
 * Sends the current low-stock threshold of a variant to its stock object. If that does not answer, the sweep does it
 * later.
 *
 * @param change.key of the event that announced the new threshold
 */
export async function applyThreshold(
  { thresholds, stock, warn }: Pick<CatalogDeps, 'thresholds' | 'stock' | 'warn'>,
  { variantId, key, now }: { variantId: number; key: string; now: Date },
): Promise<void> {
  try {
    const found = await thresholds.find(variantId)
    if (found === undefined) return
    const { threshold, version } = found
    await stock.watchLowStock(variantId, { threshold, version })
    await thresholds.confirm({ key, now })
  } catch (error) {
    warn('stock_watch_postponed', { variantId, error })
  }
}
