import { scope } from '@shop/http/access'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { ROLES } from '@shop/kernel/caller'
import { z } from 'zod'
import { toUserView, UserIdParam } from '../../accounts/routes/user-view.ts'
import type { UsersApp } from '../../deps.ts'
import { changeRole } from '../change-role.ts'
import { UserWithMessage } from './user-with-message.ts'

const ChangeRoleBody = z
  .strictObject({ role: z.enum(ROLES).meta({ example: 'support' }) })
  .meta({ id: 'ChangeRoleRequest' })

const route = createRoute({
  method: 'patch',
  path: '/api/users/{id}/role',
  operationId: 'changeRole',
  tags: ['Staff'],
  summary: 'Change the role of an account (staff)',
  description:
    'Ends all sessions of the account; `customer` takes every role away. You can only give and take roles whose scopes you have. ' +
    'The last administrator stays one.',
  access: scope('staff:write'),
  request: { params: z.object({ id: UserIdParam }), body: jsonBody(ChangeRoleBody) },
  responses: {
    200: json('The account after the change', UserWithMessage),
    ...problems(...BODY_PROBLEMS, 'step_up_required', 'user_not_found', 'last_admin'),
  },
})

export function addChangeRole(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const request = { ...c.req.valid('param'), ...c.req.valid('json') }
    const changed = await changeRole(c.get('deps'), c.get('caller'), request)
    if (!changed.ok) return problem(c, changed.failure)
    return c.json({ user: toUserView(changed.value), message: 'Role changed' }, 200)
  })
}
