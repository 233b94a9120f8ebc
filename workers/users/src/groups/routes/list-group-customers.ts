import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { CursorParam, LimitParam, NextCursor } from '@shop/kernel/pagination'
import { z } from 'zod'
import { toUserView, UserView } from '../../accounts/routes/user-view.ts'
import type { UsersApp } from '../../deps.ts'
import { listGroupCustomers } from '../list-group-customers.ts'
import { CustomerGroupIdParam } from './customer-group-fields.ts'

const GroupCustomerPage = z
  .strictObject({ customers: z.array(UserView), next_cursor: NextCursor })
  .meta({ id: 'GroupCustomerPage' })

const route = createRoute({
  method: 'get',
  path: '/api/customer-groups/{id}/customers',
  operationId: 'listGroupCustomers',
  tags: ['Customer groups'],
  summary: 'List the accounts in a customer group, newest account first (staff)',
  access: scope('customers:read'),
  request: {
    params: z.object({ id: CustomerGroupIdParam }),
    query: z.object({ limit: LimitParam, cursor: CursorParam }),
  },
  responses: {
    200: json('A page of accounts', GroupCustomerPage),
    ...problems('customer_group_not_found', 'invalid_cursor'),
  },
})

export function addListGroupCustomers(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const request = { ...c.req.valid('param'), ...c.req.valid('query') }
    const page = await listGroupCustomers(c.get('deps'), c.get('caller'), request)
    if (!page.ok) return problem(c, page.failure)
    return c.json({ customers: page.value.items.map(toUserView), next_cursor: page.value.nextCursor }, 200)
  })
}
