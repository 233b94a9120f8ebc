import type { CartTooLarge } from '@shop/contracts/orders/cart-failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import { type CartItem, MAX_LINES } from '../cart.ts'

/** Of a variant that is in the cart already the quantities add up, or the larger one counts. */
export type Combining = 'sum' | 'larger'

/** Adds items. The item of a variant that is in the cart keeps its id and its place. */
export function addItems(
  items: readonly CartItem[],
  added: readonly CartItem[],
  combining: Combining = 'sum',
): Result<CartItem[], CartTooLarge> {
  const byVariant = new Map(items.map((item) => [item.variantId, item]))
  for (const item of added) {
    const known = byVariant.get(item.variantId)
    byVariant.set(item.variantId, known === undefined ? item : combined(known, item, combining))
  }
  return byVariant.size > MAX_LINES
    ? fail({ code: 'cart_too_large', maximumLines: MAX_LINES })
    : ok([...byVariant.values()])
}

function combined(known: CartItem, item: CartItem, combining: Combining): CartItem {
  const quantity = combining === 'sum' ? known.quantity + item.quantity : Math.max(known.quantity, item.quantity)
  return { ...known, quantity }
}
