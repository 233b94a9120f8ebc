import { LIMITS } from '@shop/contracts/limits'
import type { MiddlewareHandler } from 'hono'
import type { GatewayContext } from '../deps.ts'
import { limitedAddress } from './domain/address.ts'
import { isUnlimited } from './domain/limited.ts'
import { refusalBy, showLimits } from './internal/limiters.ts'

/** Limits what one address may request. Every answer names the limits that applied to it. */
export const limitAddress: MiddlewareHandler<GatewayContext> = async (c, next) => {
  if (isUnlimited(c.req.path)) return next()
  const address = limitedAddress(c.req.header('cf-connecting-ip'))
  const refusal = await refusalBy(c, c.env.ADDRESS_LIMIT, LIMITS.address, address)
  if (refusal === undefined) await next()
  else c.res = refusal
  showLimits(c)
}
