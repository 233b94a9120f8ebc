import { scope } from '@shop/http/access'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { opaqueId } from '@shop/kernel/ids'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { updateShipment } from '../update-shipment.ts'
import { SHIPMENT_ID_EXAMPLE, ShipmentResponse, toShipmentView } from './shipment-view.ts'
import { toTracking, trackingFields } from './tracking-fields.ts'

const UpdateShipmentBody = z
  .strictObject({
    status: z.enum(['shipped', 'delivered']).optional().meta({
      description: '`shipped`: a packed shipment leaves; `delivered`: it has arrived, or was picked up',
      example: 'delivered',
    }),
    ...trackingFields,
  })
  .meta({ id: 'UpdateShipmentRequest', description: 'A merge patch (RFC 7396): omitted fields stay as they are' })

const route = createRoute({
  method: 'patch',
  path: '/api/shipments/{id}',
  operationId: 'updateShipment',
  tags: ['Fulfillment'],
  summary: 'Change the tracking of a shipment, or say that it left or arrived (staff)',
  description: 'The delivery of the last shipment makes the order `delivered`. Repeating a change answers the same.',
  access: scope('orders:fulfill'),
  request: { params: z.object({ id: opaqueId(SHIPMENT_ID_EXAMPLE) }), body: jsonBody(UpdateShipmentBody) },
  responses: {
    200: json('The shipment after the change', ShipmentResponse),
    ...problems(
      ...BODY_PROBLEMS,
      'shipment_not_found',
      'shipment_status_conflict',
      'order_not_found',
      'order_status_conflict',
      'order_refunded',
      'payment_due',
      'order_changed',
    ),
  },
})

export function addUpdateShipment(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const { status, ...tracking } = c.req.valid('json')
    const update = { status, ...toTracking(tracking) }
    const result = await updateShipment(c.get('deps'), c.get('caller'), c.req.valid('param').id, update)
    if (!result.ok) return problem(c, result.failure)
    return c.json({ shipment: toShipmentView(result.value.order.id, result.value.shipment) }, 200)
  })
}
