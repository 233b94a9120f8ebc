import { scope } from '@shop/http/access'
import { streamed } from '@shop/http/conditional'
import { createRoute, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { textStream } from '@shop/http/text-stream'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { exportOrders } from '../export-orders.ts'
import { filterFields, toOrderFilter } from './order-filter.ts'

const route = createRoute({
  method: 'get',
  path: '/api/orders.csv',
  operationId: 'exportOrders',
  tags: ['Orders'],
  summary: 'Export orders as CSV, newest first (staff)',
  description:
    'One line for each order, with the filters of the list with `scope=all`. Text that a spreadsheet would run as a formula has an ' +
    'apostrophe before it. The file is sent while it is made: one that ends early was interrupted.',
  access: scope('orders:read'),
  request: { query: z.object(filterFields) },
  responses: {
    200: { description: 'The orders', content: { 'text/csv': { schema: z.string() } } },
    ...problems('validation_failed'),
  },
})

export function addExportOrders(app: OrdersApp): void {
  app.openapi(route, (c) => {
    const exported = exportOrders(c.get('deps'), c.get('caller'), toOrderFilter(c.req.valid('query')))
    if (!exported.ok) return problem(c, exported.failure)
    streamed(c)
    return c.body(textStream(exported.value), 200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="orders.csv"',
    })
  })
}
