import { ownerOr } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import { accessOf, ORDER_REQUEST } from '../../access/routes/order-request.ts'
import type { OrdersApp } from '../../deps.ts'
import { listOrderReturns } from '../list-order-returns.ts'
import { ReturnView, toReturnView } from './return-view.ts'

const ReturnsOfOrder = z
  .strictObject({
    returns: z.array(ReturnView).meta({ description: 'Oldest first, including refused and cancelled ones' }),
  })
  .meta({ id: 'ReturnsOfOrder' })

const route = createRoute({
  method: 'get',
  path: '/api/orders/{id}/returns',
  operationId: 'listOrderReturns',
  tags: ['Returns'],
  summary: 'Read the returns of one of your orders',
  access: ownerOr(['orders:read'], 'order_token'),
  request: ORDER_REQUEST,
  responses: {
    200: json('The returns, oldest first', ReturnsOfOrder),
    ...problems('order_not_found', 'validation_failed'),
  },
})

export function addListOrderReturns(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const access = accessOf(c.get('caller'), c.req.valid('param'), c.req.valid('header'))
    const found = await listOrderReturns(c.get('deps'), access)
    if (!found.ok) return problem(c, found.failure)
    return c.json({ returns: found.value.map(({ order, returned }) => toReturnView(order, returned)) }, 200)
  })
}
