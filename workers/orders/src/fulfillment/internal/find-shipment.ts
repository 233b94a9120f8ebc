import type { ShipmentNotFound } from '@shop/contracts/orders/failures'
import { isId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../../deps.ts'
import type { Order } from '../../orders/domain/order.ts'
import type { Shipment } from '../domain/shipment.ts'

export type ShipmentOfOrder = { order: Order; shipment: Shipment }

export function shipmentIn(order: Order, shipmentId: string): ShipmentOfOrder | undefined {
  const shipment = order.shipments.find(({ id }) => id === shipmentId)
  return shipment && { order, shipment }
}

/** The order of a shipment. */
export async function findShipment(
  deps: Pick<OrdersDeps, 'orders'>,
  shipmentId: string,
): Promise<Result<ShipmentOfOrder, ShipmentNotFound>> {
  const order = isId('shipment', shipmentId) ? await deps.orders.findOfShipment(shipmentId) : undefined
  const found = order && shipmentIn(order, shipmentId)
  return found === undefined ? fail({ code: 'shipment_not_found', shipmentId }) : ok(found)
}
