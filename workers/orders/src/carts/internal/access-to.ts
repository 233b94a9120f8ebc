import type { CartNotFound } from '@shop/contracts/orders/cart-failures'
import { hasScope } from '@shop/kernel/access'
import { type CartId, isId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../../deps.ts'
import type { CartRequest } from '../domain/cart-request.ts'
import type { CartAccess } from '../domain/may-use.ts'

export type AllowedRequest = { cartId: CartId; access: CartAccess }

/** What the caller may show for a cart. A malformed id names none, and no object is made for it. */
export async function accessTo(
  { cartTokens }: Pick<OrdersDeps, 'cartTokens'>,
  { cartId, caller, cartToken }: CartRequest,
): Promise<Result<AllowedRequest, CartNotFound>> {
  if (!isId('cart', cartId)) return fail({ code: 'cart_not_found' })
  const hasToken = cartToken !== null && (await cartTokens.isOf(cartId, cartToken))
  if (caller.kind === 'anonymous' && !hasToken) return fail({ code: 'cart_not_found' })
  const userId = caller.kind === 'user' ? caller.userId : null
  return ok({ cartId, access: { userId, isStaff: hasScope(caller, 'carts:read'), hasToken } })
}
