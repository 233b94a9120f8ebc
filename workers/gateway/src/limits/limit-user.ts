import { LIMITS } from '@shop/contracts/limits'
import type { Caller } from '@shop/kernel/caller'
import type { Context } from 'hono'
import type { GatewayContext } from '../deps.ts'
import { refusalBy } from './internal/limiters.ts'

/**
 * Limits what one user may request from all addresses together, staff included.
 *
 * @param caller from a verified token: an unverified one would let anybody use up another user's limit
 * @returns the refusal, if there is one
 */
export async function limitUser(c: Context<GatewayContext>, caller: Caller): Promise<Response | undefined> {
  if (caller.kind !== 'user') return undefined
  return refusalBy(c, c.env.USER_LIMIT, LIMITS.user, caller.userId)
}
