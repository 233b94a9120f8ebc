import { ListOrdersQuery, OrderPage } from '@shop/contracts'
import { BEARER, createRoute, json, problem, problems } from '@shop/http'
import { listOrders } from '../operations/list-orders.ts'
import { toOrderView } from '../view.ts'
import type { OrdersApp } from './orders-app.ts'

const route = createRoute({
  method: 'get',
  path: '/api/orders',
  operationId: 'listOrders',
  tags: ['Orders'],
  summary: 'List orders, newest first',
  description: "Your own; staff see everybody's with `scope=all`, and with `status=processing` what is to be shipped.",
  security: BEARER,
  request: { query: ListOrdersQuery },
  responses: {
    200: json('A page of orders', OrderPage),
    ...problems('authentication_required', 'forbidden', 'validation_failed', 'invalid_cursor'),
  },
})

export function addListOrders(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const listed = await listOrders(c.get('deps'), c.get('caller'), c.req.valid('query'))
    if (!listed.ok) return problem(c, listed.failure)
    return c.json({ orders: listed.value.items.map(toOrderView), next_cursor: listed.value.nextCursor }, 200)
  })
}
