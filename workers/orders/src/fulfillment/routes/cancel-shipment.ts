import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { opaqueId } from '@shop/kernel/ids'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { cancelShipment } from '../cancel-shipment.ts'
import { SHIPMENT_ID_EXAMPLE, ShipmentResponse, toShipmentView } from './shipment-view.ts'

const route = createRoute({
  method: 'post',
  path: '/api/shipments/{id}/cancel',
  operationId: 'cancelShipment',
  tags: ['Fulfillment'],
  summary: 'Cancel a shipment before it leaves (staff)',
  description: 'Its units are left to ship again. Repeating it answers the same.',
  access: scope('orders:fulfill'),
  request: { params: z.object({ id: opaqueId(SHIPMENT_ID_EXAMPLE) }) },
  responses: {
    200: json('The cancelled shipment', ShipmentResponse),
    ...problems(
      'validation_failed',
      'shipment_not_found',
      'shipment_status_conflict',
      'order_not_found',
      'order_changed',
    ),
  },
})

export function addCancelShipment(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const result = await cancelShipment(c.get('deps'), c.get('caller'), c.req.valid('param').id)
    if (!result.ok) return problem(c, result.failure)
    return c.json({ shipment: toShipmentView(result.value.order.id, result.value.shipment) }, 200)
  })
}
