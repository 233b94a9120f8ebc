import type { Quote } from '@shop/contracts/catalog/rpc'
import type { MaxPerOrderExceeded } from '@shop/contracts/orders/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { PricedLine } from './price-order.ts'

/** Each unit becomes a card with a code and a mail of its own. */
const MOST_GIFT_CARDS = 100

/**
 * Checks that no product has more units than staff allow in one order; lines of the same product count together, whatever
 * their variants. Of a gift card one order may have 100 units at most.
 */
export function checkQuantities(
  lines: Pick<PricedLine, 'productId' | 'quantity'>[],
  quotes: Pick<Quote, 'productId' | 'name' | 'type' | 'maxPerOrder'>[],
): Result<undefined, MaxPerOrderExceeded> {
  const units = new Map<number, number>()
  for (const { productId, quantity } of lines) units.set(productId, (units.get(productId) ?? 0) + quantity)
  for (const { productId, name, type, maxPerOrder } of quotes) {
    const requested = units.get(productId) ?? 0
    const maximum = Math.min(maxPerOrder ?? Infinity, type === 'gift_card' ? MOST_GIFT_CARDS : Infinity)
    if (requested > maximum) {
      return fail({ code: 'max_per_order_exceeded', productId, name, requested, maximum })
    }
  }
  return ok()
}
