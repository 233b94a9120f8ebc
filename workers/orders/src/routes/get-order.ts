import { ORDER_ID_EXAMPLE, OrderResponse, opaqueId } from '@shop/contracts'
import { BEARER, createRoute, json, problem, problems } from '@shop/http'
import { z } from 'zod'
import { getOrder } from '../operations/get-order.ts'
import { toOrderView } from '../view.ts'
import type { OrdersApp } from './orders-app.ts'

const route = createRoute({
  method: 'get',
  path: '/api/orders/{id}',
  operationId: 'getOrder',
  tags: ['Orders'],
  summary: 'Read an order of yours',
  description: 'Staff read any order.',
  security: BEARER,
  request: { params: z.object({ id: opaqueId(ORDER_ID_EXAMPLE) }) },
  responses: {
    200: json('The order', OrderResponse),
    ...problems('authentication_required', 'order_not_found', 'validation_failed'),
  },
})

export function addGetOrder(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const found = await getOrder(c.get('deps'), c.get('caller'), c.req.valid('param').id)
    return found.ok ? c.json({ order: toOrderView(found.value) }, 200) : problem(c, found.failure)
  })
}
