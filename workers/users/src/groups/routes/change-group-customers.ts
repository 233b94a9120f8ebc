import { scope } from '@shop/http/access'
import { expectedVersions, versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { changeGroupCustomers } from '../change-group-customers.ts'
import { ChangeGroupCustomersBody, CustomerGroupIdParam } from './customer-group-fields.ts'
import { CustomerGroupWithMessage, toCustomerGroupView } from './customer-group-view.ts'

const route = createRoute({
  method: 'post',
  path: '/api/customer-groups/{id}/customers',
  operationId: 'changeGroupCustomers',
  tags: ['Customer groups'],
  summary: 'Add accounts to a customer group, and remove others (staff)',
  description:
    'Nothing is changed when an account of `add` does not exist. The same request again changes nothing more. The change counts ' +
    'for new orders after a few seconds, and carts show it within a minute.',
  access: scope('customers:write'),
  request: {
    params: z.object({ id: CustomerGroupIdParam }),
    headers: z.object({ 'if-match': IfMatchHeader }),
    body: jsonBody(ChangeGroupCustomersBody),
  },
  responses: {
    200: json('The group as it is now', CustomerGroupWithMessage),
    ...problems(...BODY_PROBLEMS, 'customer_group_not_found', 'customers_not_found', 'version_conflict'),
  },
})

export function addChangeGroupCustomers(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const request = { ...c.req.valid('param'), ...c.req.valid('json'), versions: versions.value }
    const changed = await changeGroupCustomers(c.get('deps'), c.get('caller'), request)
    if (!changed.ok) return problem(c, changed.failure)
    versioned(c, changed.value.version)
    return c.json({ customer_group: toCustomerGroupView(changed.value), message: 'Customer group updated' }, 200)
  })
}
