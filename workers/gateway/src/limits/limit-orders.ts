import { LIMITS } from '@shop/contracts/limits'
import { actorIdOf } from '@shop/kernel/access'
import type { Caller } from '@shop/kernel/caller'
import type { Context } from 'hono'
import type { GatewayContext } from '../deps.ts'
import { limitedBuyer } from './domain/buyer.ts'
import { isOrder } from './domain/limited.ts'
import { refusalBy } from './internal/limiters.ts'

/**
 * Limits how many orders one address may try to place, and one user from all addresses together. What they may hold at a
 * time is counted by orders, exactly.
 *
 * @returns the refusal, if there is one
 */
export async function limitOrders(c: Context<GatewayContext>, caller: Caller): Promise<Response | undefined> {
  if (!isOrder(c.req.method, c.req.path)) return undefined
  const buyer = limitedBuyer(caller, c.req.header('cf-connecting-ip'))
  const refusal = await refusalBy(c, c.env.ORDER_ADDRESS_LIMIT, LIMITS.orderAddress, buyer)
  if (refusal !== undefined || caller.kind === 'anonymous') return refusal
  return refusalBy(c, c.env.ORDER_LIMIT, LIMITS.order, actorIdOf(caller))
}
