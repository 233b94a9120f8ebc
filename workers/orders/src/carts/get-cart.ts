import type { CartNotFound } from '@shop/contracts/orders/cart-failures'
import { fail, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import type { CartAnswer } from './domain/cart-answer.ts'
import type { CartRequest } from './domain/cart-request.ts'
import { accessTo } from './internal/access-to.ts'
import { type AnswerDeps, type AnswerFailure, answerCart } from './internal/answer-cart.ts'
import { type ReadCartDeps, readCart } from './internal/read-cart.ts'

/** A cart with the prices of now, for its account, for the guest who has its token, or for staff. */
export async function getCart(
  deps: AnswerDeps & ReadCartDeps & Pick<OrdersDeps, 'cartTokens'>,
  request: CartRequest,
): Promise<Result<CartAnswer, CartNotFound | AnswerFailure>> {
  const allowed = await accessTo(deps, request)
  if (!allowed.ok) return allowed
  const found = await readCart(deps, allowed.value)
  // Without a key none can be reused.
  if (!found.ok) return fail({ code: 'cart_not_found' })
  return answerCart(deps, { cart: found.value.cart, access: allowed.value.access })
}
