import type { Caller } from '@shop/kernel/caller'
import { limitedSite } from './address.ts'

/**
 * What the limits of carts and orders count a buyer by: their site, at each storefront by itself. So the shoppers of one
 * storefront do not use up what guests without a key, or those of another storefront, have at the same site.
 */
export function limitedBuyer(caller: Caller, address: string | undefined): string {
  const site = limitedSite(address)
  const keyId = caller.kind === 'anonymous' ? caller.storefrontKeyId : undefined
  return keyId === undefined ? site : `${keyId} ${site}`
}
