import { scope } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { getCustomerGroup } from '../get-customer-group.ts'
import { CustomerGroupIdParam } from './customer-group-fields.ts'
import { CustomerGroupView, toCustomerGroupView } from './customer-group-view.ts'

const CustomerGroupResponse = z
  .strictObject({ customer_group: CustomerGroupView })
  .meta({ id: 'CustomerGroupResponse' })

const route = createRoute({
  method: 'get',
  path: '/api/customer-groups/{id}',
  operationId: 'getCustomerGroup',
  tags: ['Customer groups'],
  summary: 'Show a customer group (staff)',
  access: scope('customers:read'),
  request: { params: z.object({ id: CustomerGroupIdParam }) },
  responses: { 200: json('The group', CustomerGroupResponse), ...problems('customer_group_not_found') },
})

export function addGetCustomerGroup(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const found = await getCustomerGroup(c.get('deps'), c.get('caller'), c.req.valid('param'))
    if (!found.ok) return problem(c, found.failure)
    versioned(c, found.value.version)
    return c.json({ customer_group: toCustomerGroupView(found.value) }, 200)
  })
}
