import { LIMITS } from '@shop/contracts/limits'
import { actorIdOf } from '@shop/kernel/access'
import type { Caller } from '@shop/kernel/caller'
import type { Context } from 'hono'
import type { GatewayContext } from '../deps.ts'
import { refusalBy } from './internal/limiters.ts'

/**
 * Limits what one user or one API key may request from all addresses together, staff included.
 *
 * @param caller from a verified token: an unverified one would let anybody use up another user's limit
 * @returns the refusal, if there is one
 */
export async function limitUser(c: Context<GatewayContext>, caller: Caller): Promise<Response | undefined> {
  if (caller.kind === 'anonymous') return undefined
  return refusalBy(c, c.env.USER_LIMIT, LIMITS.user, actorIdOf(caller))
}
