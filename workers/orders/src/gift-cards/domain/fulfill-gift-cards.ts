import type { ShipmentId } from '@shop/kernel/ids'
import { ok, type Result } from '@shop/kernel/result'
import { createShipment, updateShipment } from '../../fulfillment/domain/shipment-steps.ts'
import { leftToShip } from '../../fulfillment/domain/units.ts'
import type { Order } from '../../orders/domain/order.ts'
import { type Step, UNCHANGED } from '../../orders/domain/steps.ts'

type Made = { id: ShipmentId; at: Date }
type Refusal = Exclude<ReturnType<typeof createShipment> | ReturnType<typeof updateShipment>, { ok: true }>['failure']

/**
 * What the id of the shipment is made of, so that a retry makes it once. Gift cards that an edit added later are lines of their own,
 * and leave with another one.
 */
export const shipmentKeyOf = ({ id, lines }: Pick<Order, 'id' | 'lines'>): string =>
  ['gift_cards', id, ...lines.filter(({ isGiftCard }) => isGiftCard).map((line) => line.id)].join(':')

/** Sets the gift cards of a paid order aside that nobody has sent. */
export function packGiftCards(order: Order, made: Made): Result<Step, Refusal> {
  const items = order.lines
    .filter((line) => line.isGiftCard && leftToShip(line) > 0)
    .map((line) => ({ lineId: line.id, quantity: leftToShip(line) }))
  if (items.length === 0 || order.shipments.some(({ id }) => id === made.id)) return ok(UNCHANGED)
  const untracked = { carrier: null, trackingNumber: null, trackingUrl: null }
  return createShipment(order, { items, status: 'packed', ...untracked }, made)
}

/** Marks the packed shipment as delivered. It is never `shipped`, so no mail about a parcel is sent beside the one with the code. */
export function sendGiftCards(order: Order, { id, at }: Made): Result<Step, Refusal> {
  const packed = order.shipments.find((shipment) => shipment.id === id && shipment.status === 'packed')
  return packed === undefined ? ok(UNCHANGED) : updateShipment(order, packed, { status: 'delivered' }, at)
}
