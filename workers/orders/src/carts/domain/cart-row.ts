import { normalEmail } from '@shop/kernel/email'
import type { CartId, UserId } from '@shop/kernel/ids'
import type { Cart } from './cart.ts'

/** What the database has of a cart that somebody can be found by. */
export type CartRow = {
  id: CartId
  userId: UserId | null
  /** As addresses are compared. */
  email: string | null
  createdAt: Date
  changedAt: Date
}

export function rowOf({ id, userId, email, createdAt, updatedAt }: Cart): CartRow {
  return { id, userId, email: email === null ? null : normalEmail(email), createdAt, changedAt: updatedAt }
}

const DAY_MS = 86_400_000

/**
 * Whether a change is the first one of its day, counted from the creation of the cart. The row is written then, since rows that
 * are not written for 60 days are deleted, and nobody else says that the cart is in use.
 */
export function isFirstOfDay(before: Cart, after: Cart): boolean {
  const dayOf = ({ updatedAt }: Cart) => Math.floor((updatedAt.getTime() - before.createdAt.getTime()) / DAY_MS)
  return dayOf(before) !== dayOf(after)
}

/** Whether the database has the cart at all. */
export const hasRow = ({ userId, email }: Pick<Cart, 'userId' | 'email'>): boolean => userId !== null || email !== null
