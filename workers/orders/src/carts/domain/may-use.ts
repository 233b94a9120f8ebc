import type { UserId } from '@shop/kernel/ids'
import type { Cart } from './cart.ts'

/** Who asks for a cart. */
export type CartAccess = {
  /** Of the caller; null without an account. */
  userId: UserId | null
  isStaff: boolean
  /** Whether the caller has shown the token of this cart. */
  hasToken: boolean
}

/** Whether the caller may read and change the cart. The token opens a cart only as long as no account owns it. */
export function mayChange({ userId }: Pick<Cart, 'userId'>, access: CartAccess): boolean {
  return userId === null ? access.hasToken : userId === access.userId
}

/** Whether the caller may read it. Staff may read every cart. */
export function mayRead(cart: Pick<Cart, 'userId'>, access: CartAccess): boolean {
  return access.isStaff || mayChange(cart, access)
}
