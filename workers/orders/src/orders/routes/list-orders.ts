import { signedInOr } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { CursorParam, LimitParam, NextCursor } from '@shop/kernel/pagination'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { listOrders, ORDER_SCOPES } from '../list-orders.ts'
import { filterFields, toOrderFilter } from './order-filter.ts'
import { OrderView, toOrderView } from './order-view.ts'

const ListOrdersQuery = z.object({
  scope: z
    .enum(ORDER_SCOPES)
    .optional()
    .meta({
      description:
        '`own` by default. `all`, for staff only: the orders of all customers and guests, which is the default for staff with any ' +
        'filter but `status`. An API key lists all anyway',
      example: 'own',
    }),
  ...filterFields,
  limit: LimitParam,
  cursor: CursorParam,
})

const OrderPage = z.strictObject({ orders: z.array(OrderView), next_cursor: NextCursor }).meta({ id: 'OrderPage' })

const route = createRoute({
  method: 'get',
  path: '/api/orders',
  operationId: 'listOrders',
  tags: ['Orders'],
  summary: 'List orders, newest first',
  description:
    'Your own orders. Staff list all orders with `scope=all`; with `status=processing` those to be shipped, which leaves ' +
    'out orders that were refunded in full or whose disputes the shop lost. Filters can be combined.',
  access: signedInOr('orders:read'),
  request: { query: ListOrdersQuery },
  responses: {
    200: json('A page of orders', OrderPage),
    ...problems('validation_failed', 'invalid_cursor'),
  },
})

export function addListOrders(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const caller = c.get('caller')
    const { scope, limit, cursor, ...filter } = c.req.valid('query')
    const listed = await listOrders(c.get('deps'), caller, { scope, limit, cursor, ...toOrderFilter(filter) })
    if (!listed.ok) return problem(c, listed.failure)
    const orders = listed.value.items.map((order) => toOrderView(order, caller))
    return c.json({ orders, next_cursor: listed.value.nextCursor }, 200)
  })
}
