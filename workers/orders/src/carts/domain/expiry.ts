import { addSeconds, DAY_SECONDS } from '@shop/kernel/time'
import type { Cart } from './cart.ts'

const LIFETIME_SECONDS = 30 * DAY_SECONDS

/** When a cart ends that nobody changes any more. */
export const expiresAt = ({ updatedAt }: Pick<Cart, 'updatedAt'>): Date => addSeconds(updatedAt, LIFETIME_SECONDS)

/** The cart as it is now: one whose time is over is expired, whether or not its alarm has fired. */
export function asOf(cart: Cart, now: Date): Cart {
  return cart.status === 'open' && expiresAt(cart) <= now ? { ...cart, status: 'expired' } : cart
}

/** The cart without its items, and without what its buyer has entered. */
export function emptied(cart: Cart): Cart {
  const fields = { codes: [], email: null, shippingAddress: null, billingAddress: null, note: null, vatId: null }
  return { ...cart, ...fields, giftCardIds: [], items: [], lastAnswer: null }
}

export type Aged =
  | { kind: 'alive'; until: Date }
  /** Nothing of its buyer is left in it. */
  | { kind: 'emptied'; cart: Cart; until: Date }
  | { kind: 'over' }

/**
 * What becomes of a cart with time: after 30 days it is emptied, so that its link answers that it is expired, or which order
 * was made of it. After 60 days it is deleted.
 *
 * While an order is made of it, or nobody knows whether one was, it keeps what it would be made of, and is asked again each day.
 */
export function age(cart: Cart, now: Date): Aged {
  const emptiedAt = expiresAt(cart)
  if (now < emptiedAt) return { kind: 'alive', until: emptiedAt }
  const deletedAt = addSeconds(emptiedAt, LIFETIME_SECONDS)
  if (now >= deletedAt) return { kind: 'over' }
  if (cart.status === 'completing') return { kind: 'alive', until: addSeconds(now, DAY_SECONDS) }
  return { kind: 'emptied', cart: emptied(asOf(cart, now)), until: deletedAt }
}
