import { ownerOr } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import { accessOf, ORDER_REQUEST } from '../../access/routes/order-request.ts'
import type { OrdersApp } from '../../deps.ts'
import { listShipments } from '../list-shipments.ts'
import { ShipmentView, toShipmentView } from './shipment-view.ts'

const ShipmentsOfOrder = z
  .strictObject({
    shipments: z.array(ShipmentView).meta({ description: 'Oldest first, with those that were cancelled' }),
  })
  .meta({ id: 'ShipmentsOfOrder' })

const route = createRoute({
  method: 'get',
  path: '/api/orders/{id}/shipments',
  operationId: 'listShipments',
  tags: ['Fulfillment'],
  summary: 'Read the shipments of one of your orders',
  access: ownerOr(['orders:read'], 'order_token'),
  request: ORDER_REQUEST,
  responses: {
    200: json('The shipments, oldest first', ShipmentsOfOrder),
    ...problems('order_not_found', 'validation_failed'),
  },
})

export function addListShipments(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const access = accessOf(c.get('caller'), c.req.valid('param'), c.req.valid('header'))
    const found = await listShipments(c.get('deps'), access)
    if (!found.ok) return problem(c, found.failure)
    const { id, shipments } = found.value
    return c.json({ shipments: shipments.map((shipment) => toShipmentView(id, shipment)) }, 200)
  })
}
