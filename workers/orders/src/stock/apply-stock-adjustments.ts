import type { OrderId } from '@shop/kernel/ids'
import type { OrdersDeps } from '../deps.ts'
import type { StockAdjustment } from './domain/stock-adjustment.ts'
import { forEachJoined } from './join-orders.ts'

export type AdjustDeps = Pick<OrdersDeps, 'catalog' | 'joinCatalog' | 'stockAdjustments' | 'now' | 'warn'>
type OfOrder = StockAdjustment & { orderId: OrderId }

/**
 * Gives the units of saved adjustments back to the stock, and marks them done. Any number takes one call of the catalog. What
 * fails stays open, and the sweep repeats it: the change that led to it stands whatever comes of this.
 *
 * @returns how many are done
 */
export async function applyStockAdjustments(deps: AdjustDeps, adjustments: readonly OfOrder[]): Promise<number> {
  const made = await forEachJoined(deps, adjustments, async (joined, one) =>
    (await isMade(joined, one)) ? [one.key] : [],
  )
  const keys = made.flat()
  if (keys.length > 0) await deps.stockAdjustments.markDone(keys, deps.now())
  return keys.length
}

async function isMade(deps: AdjustDeps, one: OfOrder): Promise<boolean> {
  const { key, orderId, variantId, quantity, kind } = one
  const reason = kind === 'restock' ? 'return' : 'damage'
  const note = `${one.reason}, ${orderId}, ${quantity} ${quantity === 1 ? 'unit' : 'units'}`
  try {
    const taken = await deps.catalog.takeBack({ key, variantId, quantity, reason, note })
    if (taken.ok) return true
    deps.warn('stock_not_adjusted', { key, orderId, code: taken.failure.code })
  } catch (error) {
    deps.warn('stock_not_adjusted', { key, orderId, error })
  }
  return false
}
