import { type Destination, destinationOf } from '@shop/addresses/destination'
import type { TaxPlace } from '../../stripe-tax/domain/tax-request.ts'
import { type Order, structured } from './order.ts'

type Addresses = Pick<Order, 'shippingAddress' | 'billingAddress'>

/** The structured address where something is delivered or, if that is not known, billed. */
export function taxPlaceOf({ shippingAddress, billingAddress }: Addresses): TaxPlace | null {
  const address = structured(shippingAddress)
  if (address !== null) return { address, source: 'shipping' }
  return billingAddress && { address: billingAddress, source: 'billing' }
}

/** The same as a purchase has it. `isDeliverable`: by the address of delivery, and not only by that of the bill. */
export function deliveryOf(addresses: Addresses): { destination: Destination | null; isDeliverable: boolean } {
  const place = taxPlaceOf(addresses)
  return { destination: place && destinationOf(place.address), isDeliverable: place?.source === 'shipping' }
}
