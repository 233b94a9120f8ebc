import { LIMITS } from '@shop/contracts/limits'
import type { Caller } from '@shop/kernel/caller'
import type { Context } from 'hono'
import type { GatewayContext } from '../deps.ts'
import { limitedBuyer } from './domain/buyer.ts'
import { isCartWrite, isNewCart } from './domain/limited.ts'
import { refusalBy } from './internal/limiters.ts'

/**
 * Limits how many carts one address may make, since each is an object that lives for weeks, and how often it may change
 * carts.
 *
 * @returns the refusal, if there is one
 */
export async function limitCarts(c: Context<GatewayContext>, caller: Caller): Promise<Response | undefined> {
  const { method, path } = c.req
  if (!isCartWrite(method, path)) return undefined
  const buyer = limitedBuyer(caller, c.req.header('cf-connecting-ip'))
  const refusal = await refusalBy(c, c.env.CART_WRITE_ADDRESS_LIMIT, LIMITS.cartWriteAddress, buyer)
  if (refusal !== undefined || !isNewCart(method, path)) return refusal
  return refusalBy(c, c.env.CART_ADDRESS_LIMIT, LIMITS.cartAddress, buyer)
}
