import { RETURN_STATUSES } from '@shop/contracts/orders/states'
import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { CursorParam, LimitParam, NextCursor } from '@shop/kernel/pagination'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { listReturns } from '../list-returns.ts'
import { ReturnView, toReturnView } from './return-view.ts'

const ListReturnsQuery = z.object({
  status: z.enum(RETURN_STATUSES).optional().meta({ example: 'requested' }),
  limit: LimitParam,
  cursor: CursorParam,
})

const ReturnPage = z.strictObject({ returns: z.array(ReturnView), next_cursor: NextCursor }).meta({ id: 'ReturnPage' })

const route = createRoute({
  method: 'get',
  path: '/api/returns',
  operationId: 'listReturns',
  tags: ['Returns'],
  summary: 'List the returns of all orders, newest first (staff)',
  access: scope('orders:read'),
  request: { query: ListReturnsQuery },
  responses: { 200: json('A page of returns', ReturnPage), ...problems('invalid_cursor', 'validation_failed') },
})

export function addListReturns(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const page = await listReturns(c.get('deps'), c.get('caller'), c.req.valid('query'))
    if (!page.ok) return problem(c, page.failure)
    const { items, nextCursor } = page.value
    const returns = items.map(({ order, returned }) => toReturnView(order, returned))
    return c.json({ returns, next_cursor: nextCursor }, 200)
  })
}
