import type { Quote } from '@shop/contracts/catalog/rpc'
import type { MaxPerOrderExceeded } from '@shop/contracts/orders/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { PricedLine } from './price-order.ts'

/**
 * Checks that no product has more units than staff allow in one order; lines of the same product count together, whatever
 * their variants.
 */
export function checkQuantities(
  lines: Pick<PricedLine, 'productId' | 'quantity'>[],
  quotes: Pick<Quote, 'productId' | 'name' | 'maxPerOrder'>[],
): Result<undefined, MaxPerOrderExceeded> {
  const units = new Map<number, number>()
  for (const { productId, quantity } of lines) units.set(productId, (units.get(productId) ?? 0) + quantity)
  for (const { productId, name, maxPerOrder } of quotes) {
    const requested = units.get(productId) ?? 0
    if (maxPerOrder !== null && requested > maxPerOrder) {
      return fail({ code: 'max_per_order_exceeded', productId, name, requested, maximum: maxPerOrder })
    }
  }
  return ok()
}
