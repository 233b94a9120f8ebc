import type { ShipmentStatus } from '@shop/contracts/orders/states'
import type { OrderLineId, ShipmentId } from '@shop/kernel/ids'

export type ShipmentItem = { lineId: OrderLineId; quantity: number }

/** How a shipment is followed. Each part may be unknown. */
export type Tracking = { carrier: string | null; trackingNumber: string | null; trackingUrl: string | null }

/** Units of an order that leave together. */
export type Shipment = Tracking & {
  id: ShipmentId
  status: ShipmentStatus
  items: ShipmentItem[]
  createdAt: Date
  updatedAt: Date
  shippedAt: Date | null
  deliveredAt: Date | null
  cancelledAt: Date | null
}

/** The events of a shipment: what a change did to it. */
export type ShipmentEventType =
  | 'shipment.created'
  | 'shipment.shipped'
  | 'shipment.updated'
  | 'shipment.delivered'
  | 'shipment.cancelled'

/** A shipment as a change leaves it, with the events of the change. */
export type ShipmentChange = { shipment: Shipment; events: readonly ShipmentEventType[] }

/** The shipments with one of them as it is now; a new one comes last. */
export function withShipment(shipments: readonly Shipment[], changed: Shipment): Shipment[] {
  const isNew = shipments.every(({ id }) => id !== changed.id)
  return isNew ? [...shipments, changed] : shipments.map((one) => (one.id === changed.id ? changed : one))
}

/** Has left, and whether it has arrived. */
export const isOnItsWay = ({ status }: Pick<Shipment, 'status'>): boolean => status === 'shipped'
