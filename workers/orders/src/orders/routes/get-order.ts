import { ownerOr } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { accessOf, ORDER_REQUEST } from '../../access/routes/order-request.ts'
import type { OrdersApp } from '../../deps.ts'
import { getOrder } from '../get-order.ts'
import { OrderResponse, toOrderView } from './order-view.ts'

const route = createRoute({
  method: 'get',
  path: '/api/orders/{id}',
  operationId: 'getOrder',
  tags: ['Orders'],
  summary: 'Read one of your orders',
  description: 'Staff read any order. A guest reads theirs with the `X-Order-Token` they were given for it.',
  access: ownerOr(['orders:read'], 'order_token'),
  request: ORDER_REQUEST,
  responses: {
    200: json('The order', OrderResponse),
    ...problems('order_not_found', 'validation_failed'),
  },
})

export function addGetOrder(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const access = accessOf(c.get('caller'), c.req.valid('param'), c.req.valid('header'))
    const found = await getOrder(c.get('deps'), access)
    if (!found.ok) return problem(c, found.failure)
    versioned(c, found.value.version)
    return c.json({ order: toOrderView(found.value, c.get('caller')) }, 200)
  })
}
