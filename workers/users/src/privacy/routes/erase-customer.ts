import { scope } from '@shop/http/access'
import { MessageResponse } from '@shop/http/message'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import { UserIdParam } from '../../accounts/routes/user-view.ts'
import type { UsersApp } from '../../deps.ts'
import { eraseCustomer } from '../erase-customer.ts'
import { ERASURE } from './erase-account.ts'

const route = createRoute({
  method: 'delete',
  path: '/api/users/{id}',
  operationId: 'eraseCustomer',
  tags: ['Users'],
  summary: 'Erase the account of somebody who asked for it (staff)',
  description: `${ERASURE} Needs a sign-in or a step-up within the last ten minutes. Repeating the request succeeds.`,
  access: scope('customers:erase'),
  request: { params: z.object({ id: UserIdParam }) },
  responses: {
    200: json('The account was erased, now or by an earlier request', MessageResponse),
    ...problems('validation_failed', 'step_up_required', 'user_not_found', 'last_admin'),
  },
})

export function addEraseCustomer(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const erased = await eraseCustomer(c.get('deps'), c.get('caller'), c.req.valid('param'))
    return erased.ok ? c.json({ message: 'Account erased' }, 200) : problem(c, erased.failure)
  })
}
