import type { CartNotFound } from '@shop/contracts/orders/cart-failures'
import { type AuthenticationRequired, type Caller, requireUser } from '@shop/kernel/caller'
import { fail, type Result } from '@shop/kernel/result'
import type { CartAnswer } from './domain/cart-answer.ts'
import { type AnswerDeps, type AnswerFailure, answerCart } from './internal/answer-cart.ts'
import { findCurrentCart } from './internal/find-current-cart.ts'
import type { ReadCartDeps } from './internal/read-cart.ts'

/** The cart that the caller's account made last, of those that are open. */
export async function getCurrentCart(
  deps: AnswerDeps & ReadCartDeps,
  caller: Caller,
): Promise<Result<CartAnswer, AuthenticationRequired | CartNotFound | AnswerFailure>> {
  const user = requireUser(caller)
  if (!user.ok) return user
  const current = await findCurrentCart(deps, user.value.userId)
  if (current === undefined) return fail({ code: 'cart_not_found' })
  return answerCart(deps, { cart: current, access: { userId: user.value.userId, isStaff: false, hasToken: false } })
}
