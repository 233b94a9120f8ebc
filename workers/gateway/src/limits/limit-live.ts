import { LIMITS } from '@shop/contracts/limits'
import type { Caller } from '@shop/kernel/caller'
import type { Context } from 'hono'
import type { GatewayContext } from '../deps.ts'
import { limitedBuyer } from './domain/buyer.ts'
import { isLiveTicket } from './domain/limited.ts'
import { refusalBy } from './internal/limiters.ts'

/**
 * Limits how many tickets for live updates one address may make, and with them its connections, since each needs a ticket.
 *
 * @returns the refusal, if there is one
 */
export async function limitLive(c: Context<GatewayContext>, caller: Caller): Promise<Response | undefined> {
  if (!isLiveTicket(c.req.method, c.req.path)) return undefined
  const buyer = limitedBuyer(caller, c.req.header('cf-connecting-ip'))
  return refusalBy(c, c.env.LIVE_TICKET_ADDRESS_LIMIT, LIMITS.liveTicketAddress, buyer)
}
