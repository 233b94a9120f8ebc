import type { FulfillmentStatus } from '@shop/contracts/orders/states'
import { isOnItsWay, type Shipment } from './shipment.ts'
import { hasLeft, leftToShip, type UnitsOfLine } from './units.ts'

type Fulfilled = {
  lines: readonly UnitsOfLine[]
  shipments: readonly Pick<Shipment, 'status'>[]
  shipping: { isPickup: boolean } | null
}

/** What has left of an order. Units that were refunded before they shipped are not waited for. */
export function fulfillmentStatusOf({ lines, shipments, shipping }: Fulfilled): FulfillmentStatus {
  const isPickup = shipping?.isPickup === true
  const isPacked = lines.some(({ units }) => units.packed > 0)
  const isLeft = lines.some((line) => leftToShip(line) > 0)
  if (!hasLeft(lines)) return isPickup && isPacked && !isLeft ? 'ready_for_pickup' : 'unfulfilled'
  if (isPacked || isLeft) return 'partially_fulfilled'
  if (shipments.some(isOnItsWay)) return 'fulfilled'
  return isPickup ? 'picked_up' : 'delivered'
}
