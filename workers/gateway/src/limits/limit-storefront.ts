import { LIMITS } from '@shop/contracts/limits'
import type { Caller } from '@shop/kernel/caller'
import type { Context } from 'hono'
import type { GatewayContext } from '../deps.ts'
import { limitedAddress } from './domain/address.ts'
import { refusalBy } from './internal/limiters.ts'

/**
 * Limits what is requested with one publishable key: from one address, and from all together. The key is counted last: what an
 * address sends beyond its own limit must not use up what the others have.
 *
 * @returns the refusal, if there is one
 */
export async function limitStorefront(c: Context<GatewayContext>, caller: Caller): Promise<Response | undefined> {
  if (caller.kind !== 'anonymous' || caller.storefrontKeyId === undefined) return undefined
  const { storefrontKeyId: keyId } = caller
  const address = limitedAddress(c.req.header('cf-connecting-ip'))
  const refusal = await refusalBy(c, c.env.STOREFRONT_ADDRESS_LIMIT, LIMITS.storefrontAddress, `${keyId} ${address}`)
  return refusal ?? refusalBy(c, c.env.STOREFRONT_LIMIT, LIMITS.storefront, keyId)
}
