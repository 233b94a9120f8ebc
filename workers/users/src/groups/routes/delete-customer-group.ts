import { scope } from '@shop/http/access'
import { expectedVersions } from '@shop/http/conditional'
import { MessageResponse } from '@shop/http/message'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { deleteCustomerGroup } from '../delete-customer-group.ts'
import { CustomerGroupIdParam } from './customer-group-fields.ts'

const route = createRoute({
  method: 'delete',
  path: '/api/customer-groups/{id}',
  operationId: 'deleteCustomerGroup',
  tags: ['Customer groups'],
  summary: 'Delete a customer group (staff)',
  description:
    'Its accounts are not deleted. After a few seconds, a promotion that names only this group applies to nobody.',
  access: scope('customers:write'),
  request: { params: z.object({ id: CustomerGroupIdParam }), headers: z.object({ 'if-match': IfMatchHeader }) },
  responses: {
    200: json('The group was deleted', MessageResponse),
    ...problems('customer_group_not_found', 'version_conflict'),
  },
})

export function addDeleteCustomerGroup(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const request = { ...c.req.valid('param'), versions: versions.value }
    const deleted = await deleteCustomerGroup(c.get('deps'), c.get('caller'), request)
    return deleted.ok ? c.json({ message: 'Customer group deleted' }, 200) : problem(c, deleted.failure)
  })
}
