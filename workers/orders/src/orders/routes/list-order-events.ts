import { ownerOr } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { hasScope } from '@shop/kernel/access'
import { z } from 'zod'
import { accessOf, ORDER_REQUEST } from '../../access/routes/order-request.ts'
import type { OrdersApp } from '../../deps.ts'
import { listOrderEvents } from '../list-order-events.ts'
import { OrderEventView, toEventView } from './order-event-view.ts'

const OrderEvents = z.strictObject({ events: z.array(OrderEventView) }).meta({ id: 'OrderEvents' })

const route = createRoute({
  method: 'get',
  path: '/api/orders/{id}/events',
  operationId: 'listOrderEvents',
  tags: ['Orders'],
  summary: 'List the events of an order',
  description: 'Oldest first, with time and actor. For callers who may read the order.',
  access: ownerOr(['orders:read'], 'order_token'),
  request: ORDER_REQUEST,
  responses: {
    200: json('All events of the order', OrderEvents),
    ...problems('order_not_found', 'validation_failed'),
  },
})

export function addListOrderEvents(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const caller = c.get('caller')
    const found = await listOrderEvents(c.get('deps'), accessOf(caller, c.req.valid('param'), c.req.valid('header')))
    if (!found.ok) return problem(c, found.failure)
    const { order, events } = found.value
    return c.json(
      { events: events.map((event) => toEventView(event, order.currency, hasScope(caller, 'orders:read'))) },
      200,
    )
  })
}
