import type { FoundHold } from '@shop/contracts/catalog/rpc'
import { amountDueOf } from '../../orders/domain/amount-due.ts'
import type { Order } from '../../orders/domain/order.ts'
import { holdsOf } from './stock-lines.ts'

/** `kept`: units of a cancelled order are still held or sold. `unsold`: units of a sold order are not sold. */
export type StockMismatch = 'kept' | 'unsold'

/**
 * How an order that is no longer pending differs from what the stock records for it.
 *
 * @param decided.isFreed true once the cancellation is confirmed, so that the stock has to be back
 */
export function stockMismatch(
  decided: { order: Order; isFreed: boolean },
  found: FoundHold[],
): StockMismatch | undefined {
  const { order, isFreed } = decided
  if (order.status === 'cancelled') {
    const isKept = found.some(({ state }) => state === 'live' || state === 'sold')
    return isFreed && isKept ? 'kept' : undefined
  }
  if (!order.stockCommitted) return undefined
  const sold = new Map(
    found.flatMap(({ holdId, variantId, state, quantity }) =>
      state === 'sold' ? [[`${holdId} ${variantId}`, quantity]] : [],
    ),
  )
  // Units that edits added are sold once they are paid.
  const holds = holdsOf(order).filter(({ holdId }) => holdId === order.id || amountDueOf(order) === 0)
  const isSold = holds.every(({ holdId, lines }) =>
    lines.every(({ variantId, quantity }) => sold.get(`${holdId} ${variantId}`) === quantity),
  )
  return isSold ? undefined : 'unsold'
}
