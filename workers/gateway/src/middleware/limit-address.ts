import { LIMITS } from '@shop/contracts/limits'
import type { MiddlewareHandler } from 'hono'
import type { GatewayContext } from '../context.ts'
import { limitedAddress } from '../domain/address.ts'
import { isUnlimited } from '../domain/limited.ts'
import { refusalBy, showLimits } from '../limiters.ts'

/** Limits what one address may ask for; every answer says what limits it was under. */
export const limitAddress: MiddlewareHandler<GatewayContext> = async (c, next) => {
  if (isUnlimited(c.req.path)) return next()
  const address = limitedAddress(c.req.header('cf-connecting-ip') ?? null)
  const refusal = await refusalBy(c, c.env.ADDRESS_LIMIT, LIMITS.address, address)
  if (refusal === null) await next()
  else c.res = refusal
  showLimits(c)
}
