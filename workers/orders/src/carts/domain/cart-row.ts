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

/** Whether the database has the cart at all. */
export const hasRow = ({ userId, email }: Pick<Cart, 'userId' | 'email'>): boolean => userId !== null || email !== null
