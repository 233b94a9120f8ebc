import type { ProblemTable } from '@shop/kernel/failures'
import type { CartStatus } from './states.ts'

export type CartNotFound = { code: 'cart_not_found' }
export type CartItemNotFound = { code: 'cart_item_not_found'; itemId: string }
/** Only an open cart can be changed. */
export type CartNotOpen = { code: 'cart_not_open'; cartStatus: CartStatus }
export type CartTooLarge = { code: 'cart_too_large'; maximumLines: number }
/** Another request completes the cart, and took longer than this one could wait. */
export type CartCompleting = { code: 'cart_completing' }
/** Nothing in the cart can be ordered. */
export type CartEmpty = { code: 'cart_empty' }

export type CartFailure = CartNotFound | CartItemNotFound | CartNotOpen | CartTooLarge | CartCompleting | CartEmpty

export const CART_PROBLEMS = {
  cart_not_found: { status: 404, title: 'Cart not found' },
  cart_item_not_found: { status: 404, title: 'The cart has no such item' },
  cart_not_open: { status: 409, title: 'The cart can no longer be changed' },
  cart_too_large: { status: 422, title: 'More lines than a cart may have' },
  cart_completing: { status: 409, title: 'The cart is being completed', retryAfter: 1 },
  cart_empty: { status: 422, title: 'The cart has no items' },
} as const satisfies ProblemTable<CartFailure>
