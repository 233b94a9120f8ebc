import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { CursorParam, LimitParam, NextCursor } from '@shop/kernel/pagination'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { listCustomerGroups } from '../list-customer-groups.ts'
import { CustomerGroupView, toCustomerGroupView } from './customer-group-view.ts'

const CustomerGroupPage = z
  .strictObject({ customer_groups: z.array(CustomerGroupView), next_cursor: NextCursor })
  .meta({ id: 'CustomerGroupPage' })

const route = createRoute({
  method: 'get',
  path: '/api/customer-groups',
  operationId: 'listCustomerGroups',
  tags: ['Customer groups'],
  summary: 'List customer groups, newest first (staff)',
  access: scope('customers:read'),
  request: { query: z.object({ limit: LimitParam, cursor: CursorParam }) },
  responses: { 200: json('A page of groups', CustomerGroupPage), ...problems('invalid_cursor') },
})

export function addListCustomerGroups(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const page = await listCustomerGroups(c.get('deps'), c.get('caller'), c.req.valid('query'))
    if (!page.ok) return problem(c, page.failure)
    const { items, nextCursor } = page.value
    return c.json({ customer_groups: items.map(toCustomerGroupView), next_cursor: nextCursor }, 200)
  })
}
