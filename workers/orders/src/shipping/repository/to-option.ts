import type { shippingOptions } from '@shop/db/schema/orders-places'
import type { CurrencyCode } from '@shop/kernel/currencies'
import type { ShippingOption } from '../domain/option.ts'

/** Only ids and currencies of the types of an option are ever written. */
export function toOption({
  id,
  zoneId,
  prices,
  freeFrom,
  ...row
}: typeof shippingOptions.$inferSelect): ShippingOption {
  return {
    ...row,
    id: id as ShippingOption['id'],
    zoneId: zoneId as ShippingOption['zoneId'],
    prices: prices.map((price) => ({ ...price, currency: price.currency as CurrencyCode })),
    freeFrom: freeFrom.map((free) => ({ ...free, currency: free.currency as CurrencyCode })),
  }
}
