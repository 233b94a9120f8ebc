import type { OrdersApp } from '../../deps.ts'
import { addCancelShipment } from './cancel-shipment.ts'
import { addCreateShipment } from './create-shipment.ts'
import { addListShipments } from './list-shipments.ts'
import { addUpdateShipment } from './update-shipment.ts'

export function addFulfillmentRoutes(app: OrdersApp): void {
  addCreateShipment(app)
  addListShipments(app)
  addUpdateShipment(app)
  addCancelShipment(app)
}
