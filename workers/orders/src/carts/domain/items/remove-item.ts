import type { CartItemNotFound } from '@shop/contracts/orders/cart-failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { CartItem } from '../cart.ts'

export function removeItem(items: readonly CartItem[], itemId: string): Result<CartItem[], CartItemNotFound> {
  const left = items.filter(({ id }) => id !== itemId)
  return left.length === items.length ? fail({ code: 'cart_item_not_found', itemId }) : ok(left)
}
