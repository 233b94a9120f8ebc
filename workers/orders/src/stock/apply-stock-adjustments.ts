import type { GivenBack } from '@shop/contracts/catalog/rpc'
import type { OrderId } from '@shop/kernel/ids'
import type { OrdersDeps } from '../deps.ts'
import type { StockAdjustment } from './domain/stock-adjustment.ts'
import { forEachJoined } from './join-orders.ts'

export type AdjustDeps = Pick<OrdersDeps, 'catalog' | 'joinCatalog' | 'stockAdjustments' | 'now' | 'warn'>
type OfOrder = StockAdjustment & { orderId: OrderId }

/**
 * Applies saved adjustments to the stock and marks them done, with one call of the catalog for all of them. Failed adjustments stay open
 * and the sweep repeats them; the change of the order stands.
 *
 * @returns the number of applied adjustments
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
  const { key, orderId } = one
  try {
    const taken = await deps.catalog.takeBack(givenBack(one))
    if (taken.ok) return true
    deps.warn('stock_not_adjusted', { key, orderId, code: taken.failure.code })
  } catch (error) {
    deps.warn('stock_not_adjusted', { key, orderId, error })
  }
  return false
}

function givenBack(one: OfOrder): GivenBack {
  const { key, orderId, variantId, quantity } = one
  if (one.kind === 'shrink') return { holdId: one.holdId, variantId, quantity }
  const note = `${one.reason}, ${orderId}, ${quantity} ${quantity === 1 ? 'unit' : 'units'}`
  return { key, variantId, quantity, note, reason: one.kind === 'restock' ? 'return' : 'damage' }
}
