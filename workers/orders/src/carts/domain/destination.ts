import { type Destination, destinationOf } from '@shop/addresses/destination'
import { structured } from '../../orders/domain/order.ts'
import type { Cart } from './cart.ts'

/** Where a cart goes, as far as it is known. `isDeliverable`: by its address of delivery, and not only by that of the bill. */
export function destinationOfCart({
  shippingAddress,
  billingAddress,
}: Pick<Cart, 'shippingAddress' | 'billingAddress'>): {
  destination: Destination | null
  isDeliverable: boolean
} {
  const delivered = structured(shippingAddress)
  const place = delivered ?? billingAddress
  return { destination: place && destinationOf(place), isDeliverable: delivered !== null }
}
