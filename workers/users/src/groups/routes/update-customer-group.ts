import { scope } from '@shop/http/access'
import { expectedVersions, versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { updateCustomerGroup } from '../update-customer-group.ts'
import { CustomerGroupIdParam, UpdateCustomerGroupBody } from './customer-group-fields.ts'
import { CustomerGroupWithMessage, toCustomerGroupView } from './customer-group-view.ts'

const route = createRoute({
  method: 'patch',
  path: '/api/customer-groups/{id}',
  operationId: 'updateCustomerGroup',
  tags: ['Customer groups'],
  summary: 'Change a customer group (staff)',
  access: scope('customers:write'),
  request: {
    params: z.object({ id: CustomerGroupIdParam }),
    headers: z.object({ 'if-match': IfMatchHeader }),
    body: jsonBody(UpdateCustomerGroupBody),
  },
  responses: {
    200: json('The group as it is now', CustomerGroupWithMessage),
    ...problems(
      ...BODY_PROBLEMS,
      'customer_group_not_found',
      'customer_group_name_taken',
      'metadata_too_large',
      'version_conflict',
    ),
  },
})

export function addUpdateCustomerGroup(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const request = { ...c.req.valid('param'), changes: c.req.valid('json'), versions: versions.value }
    const updated = await updateCustomerGroup(c.get('deps'), c.get('caller'), request)
    if (!updated.ok) return problem(c, updated.failure)
    versioned(c, updated.value.version)
    return c.json({ customer_group: toCustomerGroupView(updated.value), message: 'Customer group updated' }, 200)
  })
}
