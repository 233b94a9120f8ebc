import type { OrderData } from './mail-data.ts'

type ShipmentData = NonNullable<OrderData['shipment']>

/** What is in a shipment, such as `2 × Mug (colour: blue), 1 × Filter papers`. */
export const listOf = (items: ShipmentData['items']): string =>
  items.map(({ name, options, quantity }) => `${quantity} × ${name}${options === '' ? '' : ` (${options})`}`).join(', ')

/** The line with the number of a parcel, such as `Tracking number: 4711 (DHL)`; none without a number. */
export function trackingOf(shipment: OrderData['shipment'], label: string): string[] {
  if (shipment === null || shipment.tracking_number === null) return []
  const carrier = shipment.carrier === null ? '' : ` (${shipment.carrier})`
  return [`${label}: ${shipment.tracking_number}${carrier}`]
}
