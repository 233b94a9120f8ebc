import { scope } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { KeyHeader, markReplayed } from '@shop/kernel/idempotency'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { createCustomerGroup } from '../create-customer-group.ts'
import { CreateCustomerGroupBody } from './customer-group-fields.ts'
import { CustomerGroupWithMessage, toCustomerGroupView } from './customer-group-view.ts'

const route = createRoute({
  method: 'post',
  path: '/api/customer-groups',
  operationId: 'createCustomerGroup',
  tags: ['Customer groups'],
  summary: 'Create a customer group (staff)',
  description: 'The group is empty. Promotions can name it after a few seconds.',
  access: scope('customers:write'),
  request: { headers: z.object(KeyHeader), body: jsonBody(CreateCustomerGroupBody) },
  responses: {
    201: json('The group', CustomerGroupWithMessage),
    ...problems(
      ...BODY_PROBLEMS,
      'customer_group_name_taken',
      'too_many_customer_groups',
      'idempotency_key_reused',
      'created_and_deleted',
    ),
  },
})

export function addCreateCustomerGroup(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const key = c.req.valid('header')['idempotency-key']
    const created = await createCustomerGroup(c.get('deps'), c.get('caller'), c.req.valid('json'), key)
    if (!created.ok) return problem(c, created.failure)
    const { value, replayed } = created.value
    versioned(c, value.version)
    const body = { customer_group: toCustomerGroupView(value), message: 'Customer group created' }
    return markReplayed(c.json(body, 201), replayed)
  })
}
