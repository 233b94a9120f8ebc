import type { Quote } from '@shop/contracts/catalog/rpc'
import type { MaxPerOrderExceeded } from '@shop/contracts/orders/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { OrderItem } from './price-order.ts'

/** Checks that no product has more units than staff allow in one order; lines of the same product count together. */
export function checkQuantities(items: OrderItem[], quotes: Quote[]): Result<undefined, MaxPerOrderExceeded> {
  for (const { productId, name, maxPerOrder } of quotes) {
    const lines = items.filter((item) => item.productId === productId)
    const requested = lines.reduce((sum, { quantity }) => sum + quantity, 0)
    if (maxPerOrder !== null && requested > maxPerOrder) {
      return fail({ code: 'max_per_order_exceeded', productId, name, requested, maximum: maxPerOrder })
    }
  }
  return ok()
}
