import { type Destination, destinationOf } from '@shop/addresses/destination'
import type { ShippingAddress } from '../../orders/domain/order.ts'
import type { Cart } from './cart.ts'

/** Where a cart goes, as far as it is known. `isDeliverable`: by its address of delivery, and not only by that of the bill. */
export function destinationOfCart({
  shippingAddress,
  billingAddress,
}: Pick<Cart, 'shippingAddress' | 'billingAddress'>): {
  destination: Destination | null
  isDeliverable: boolean
} {
  const delivered = placeOf(shippingAddress)
  return delivered === null
    ? { destination: placeOf(billingAddress), isDeliverable: false }
    : { destination: delivered, isDeliverable: true }
}

/** Null for what is not a structured address: nothing is known about free text and other parts. */
function placeOf(address: ShippingAddress | null): Destination | null {
  if (address === null || typeof address === 'string') return null
  const { line1, country, region, postal_code } = address
  return line1 === undefined || country === undefined ? null : destinationOf({ country, region, postal_code })
}
