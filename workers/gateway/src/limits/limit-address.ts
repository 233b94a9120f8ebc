import { LIMITS } from '@shop/contracts/limits'
import type { Context, MiddlewareHandler } from 'hono'
import type { GatewayContext } from '../deps.ts'
import { limitedAddress, limitedNetwork } from './domain/address.ts'
import { isMailDelivery, isProbe, isStripeDelivery } from './domain/limited.ts'
import { refusalBy, showLimits } from './internal/limiters.ts'

/**
 * Limits what one address may request, whether or not there is such a path. Every answer names the limits that applied
 * to it.
 */
export const limitAddress: MiddlewareHandler<GatewayContext> = async (c, next) => {
  if (isProbe(c.req.path)) return next()
  const refusal = await refusalOf(c)
  if (refusal === undefined) await next()
  else c.res = refusal
  showLimits(c)
}

async function refusalOf(c: Context<GatewayContext>): Promise<Response | undefined> {
  const client = c.req.header('cf-connecting-ip')
  const address = limitedAddress(client)
  const { method, path } = c.req
  const isDelivery =
    isStripeDelivery(method, path, c.req.header('stripe-signature')) ||
    isMailDelivery(method, path, c.req.header('svix-signature'))
  if (isDelivery) {
    return refusalBy(c, c.env.WEBHOOK_LIMIT, LIMITS.webhook, address)
  }
  // The network is counted last: what an address of it sends beyond its own limit must not use up its neighbours'.
  const refusal = await refusalBy(c, c.env.ADDRESS_LIMIT, LIMITS.address, address)
  const network = limitedNetwork(client)
  if (refusal !== undefined || network === undefined) return refusal
  return refusalBy(c, c.env.NETWORK_LIMIT, LIMITS.network, network)
}
