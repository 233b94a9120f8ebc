import type { CartItemNotFound } from '@shop/contracts/orders/cart-failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { CartItem } from '../cart.ts'

/** @param quantity 1 or more (the request schema has checked it) */
export function changeItem(
  items: readonly CartItem[],
  { itemId, quantity }: { itemId: string; quantity: number },
): Result<CartItem[], CartItemNotFound> {
  if (!items.some(({ id }) => id === itemId)) return fail({ code: 'cart_item_not_found', itemId })
  return ok(items.map((item) => (item.id === itemId ? { ...item, quantity } : item)))
}
