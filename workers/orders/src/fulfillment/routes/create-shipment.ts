import { ORDER_ID_EXAMPLE } from '@shop/contracts/orders/access'
import { scope } from '@shop/http/access'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { KeyHeader, REPLAYED_HEADER } from '@shop/kernel/idempotency'
import { opaqueId } from '@shop/kernel/ids'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { Quantity } from '../../orders/routes/order-item.ts'
import { createShipment } from '../create-shipment.ts'
import { LINE_ID_EXAMPLE, ShipmentResponse, toShipmentView } from './shipment-view.ts'
import { toTracking, trackingFields } from './tracking-fields.ts'

const CreateShipmentBody = z
  .strictObject({
    items: z
      .array(
        z.strictObject({
          line_id: opaqueId(LINE_ID_EXAMPLE).meta({ description: '`id` of an item of the order' }),
          quantity: Quantity,
        }),
      )
      .min(1)
      .max(500),
    status: z.enum(['packed', 'shipped']).default('shipped').meta({
      description: '`packed` sets the units aside until the shipment leaves or is cancelled',
      example: 'shipped',
    }),
    ...trackingFields,
  })
  .meta({ id: 'CreateShipmentRequest' })

const route = createRoute({
  method: 'post',
  path: '/api/orders/{id}/shipments',
  operationId: 'createShipment',
  tags: ['Fulfillment'],
  summary: 'Ship units of an order (staff)',
  description:
    'The first shipment captures the money of an authorized order. The shipment of the last units that are left makes the ' +
    'order `shipped`. Needs an `Idempotency-Key`.',
  access: scope('orders:fulfill'),
  request: {
    params: z.object({ id: opaqueId(ORDER_ID_EXAMPLE) }),
    headers: z.object(KeyHeader),
    body: jsonBody(CreateShipmentBody),
  },
  responses: {
    201: json('The shipment', ShipmentResponse),
    ...problems(
      ...BODY_PROBLEMS,
      'idempotency_key_required',
      'idempotency_key_reused',
      'created_and_deleted',
      'order_not_found',
      'order_line_not_found',
      'quantity_exceeds_to_ship',
      'order_status_conflict',
      'order_refunded',
      'payment_due',
      'order_changed',
    ),
  },
})

export function addCreateShipment(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const { items, status, ...tracking } = c.req.valid('json')
    const { carrier = null, trackingNumber = null, trackingUrl = null } = toTracking(tracking)
    const result = await createShipment(
      c.get('deps'),
      c.get('caller'),
      c.req.valid('param').id,
      {
        items: items.map(({ line_id: lineId, quantity }) => ({ lineId, quantity })),
        ...{ status, carrier, trackingNumber, trackingUrl },
      },
      c.req.valid('header')['idempotency-key'],
    )
    if (!result.ok) return problem(c, result.failure)
    const { value, replayed } = result.value
    if (replayed) c.header(REPLAYED_HEADER, 'true')
    return c.json({ shipment: toShipmentView(value.order.id, value.shipment) }, 201)
  })
}
