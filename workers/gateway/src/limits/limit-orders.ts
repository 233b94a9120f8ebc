import { LIMITS } from '@shop/contracts/limits'
import { actorIdOf } from '@shop/kernel/access'
import type { Caller } from '@shop/kernel/caller'
import type { Context } from 'hono'
import type { GatewayContext } from '../deps.ts'
import { limitedSite } from './domain/address.ts'
import { limitedBuyer } from './domain/buyer.ts'
import { isOrder, isOrderTokenRequest } from './domain/limited.ts'
import { refusalBy } from './internal/limiters.ts'

/**
 * Limits how many orders one address may try to place, and one user from all addresses together, and how often one address
 * may ask for the tokens of guests' orders. What buyers may hold at a time, and mails per order, are counted by orders, exactly.
 *
 * @returns the refusal, if there is one
 */
export async function limitOrders(c: Context<GatewayContext>, caller: Caller): Promise<Response | undefined> {
  const { method, path } = c.req
  const address = c.req.header('cf-connecting-ip')
  if (isOrderTokenRequest(method, path)) {
    return refusalBy(c, c.env.ORDER_TOKEN_ADDRESS_LIMIT, LIMITS.orderTokenAddress, limitedSite(address))
  }
  if (!isOrder(method, path)) return undefined
  const buyer = limitedBuyer(caller, address)
  const refusal = await refusalBy(c, c.env.ORDER_ADDRESS_LIMIT, LIMITS.orderAddress, buyer)
  if (refusal !== undefined || caller.kind === 'anonymous') return refusal
  return refusalBy(c, c.env.ORDER_LIMIT, LIMITS.order, actorIdOf(caller))
}
