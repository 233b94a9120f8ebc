import { LIMITS } from '@shop/contracts/limits'
import type { Caller } from '@shop/kernel'
import type { Context } from 'hono'
import type { GatewayContext } from './context.ts'
import { isPayment } from './domain/limited.ts'
import { refusalBy } from './limiters.ts'

/**
 * Limits what one user may ask for, staff too, from whatever address.
 *
 * @param caller as a verified token says: one that is not verified would let anybody use up another's limit
 */
export async function limitUser(c: Context<GatewayContext>, caller: Caller): Promise<Response | null> {
  if (caller.kind !== 'user') return null
  const refusal = await refusalBy(c, c.env.USER_LIMIT, LIMITS.user, caller.userId)
  if (refusal !== null || !isPayment(c.req.method, c.req.path)) return refusal
  return refusalBy(c, c.env.PAYMENT_LIMIT, LIMITS.payment, caller.userId)
}
