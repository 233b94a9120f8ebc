import { LIMITS } from '@shop/contracts/limits'
import { ORDER_TOKEN_HEADER } from '@shop/contracts/orders/access'
import { actorIdOf } from '@shop/kernel/access'
import type { Caller } from '@shop/kernel/caller'
import { sha256Hex } from '@shop/kernel/hash'
import type { Context } from 'hono'
import type { GatewayContext } from '../deps.ts'
import { limitedSite } from './domain/address.ts'
import { orderIdIn } from './domain/limited.ts'
import { refusalBy } from './internal/limiters.ts'

/**
 * Limits how often payments are tried: by one caller, for one order, and from one address. A guest is known by the token
 * of their order.
 *
 * @returns the refusal, if there is one
 */
export async function limitPayment(
  c: Context<GatewayContext>,
  caller: Caller,
  body: Uint8Array | undefined,
): Promise<Response | undefined> {
  const payer = await payerOf(caller, c.req.header(ORDER_TOKEN_HEADER))
  const orderId = orderIdIn(body)
  const address = limitedSite(c.req.header('cf-connecting-ip'))
  const byPayer = payer === undefined ? undefined : await refusalBy(c, c.env.PAYMENT_LIMIT, LIMITS.payment, payer)
  if (byPayer !== undefined) return byPayer
  const byOrder =
    orderId === undefined ? undefined : await refusalBy(c, c.env.PAYMENT_ORDER_LIMIT, LIMITS.paymentOrder, orderId)
  return byOrder ?? refusalBy(c, c.env.PAYMENT_ADDRESS_LIMIT, LIMITS.paymentAddress, address)
}

async function payerOf(caller: Caller, orderToken: string | undefined): Promise<string | undefined> {
  if (caller.kind !== 'anonymous') return actorIdOf(caller)
  // Hashed, since a limiter needs no secrets.
  return orderToken === undefined ? undefined : `guest:${await sha256Hex(orderToken)}`
}
