import { LIMITS } from '@shop/contracts/limits'
import type { Caller } from '@shop/kernel/caller'
import type { Context } from 'hono'
import type { GatewayContext } from '../deps.ts'
import { isPayment } from './domain/limited.ts'
import { refusalBy } from './internal/limiters.ts'

/**
 * Limits what one user may request from all addresses together, staff included.
 *
 * @param caller from a verified token: an unverified one would let anybody use up another user's limit
 * @returns the refusal, if there is one
 */
export async function limitUser(c: Context<GatewayContext>, caller: Caller): Promise<Response | undefined> {
  if (caller.kind !== 'user') return undefined
  const refusal = await refusalBy(c, c.env.USER_LIMIT, LIMITS.user, caller.userId)
  if (refusal !== undefined || !isPayment(c.req.method, c.req.path)) return refusal
  return refusalBy(c, c.env.PAYMENT_LIMIT, LIMITS.payment, caller.userId)
}
