import { scope } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { MAX_GROUPS } from '../../groups/domain/customer-group.ts'
import { GroupOfUser, toGroupOfUserView } from '../../groups/routes/customer-group-view.ts'
import { getUser } from '../get-user.ts'
import { toUserRecordView, UserIdParam, UserRecordView } from './user-view.ts'

const UserWithGroups = UserRecordView.extend({
  customer_groups: z.array(GroupOfUser).max(MAX_GROUPS).meta({ description: 'The groups it is in, by name' }),
}).meta({ id: 'UserWithGroups' })

const UserRecordResponse = z.strictObject({ user: UserWithGroups }).meta({ id: 'UserRecordResponse' })

const route = createRoute({
  method: 'get',
  path: '/api/users/{id}',
  operationId: 'getUser',
  tags: ['Users'],
  summary: 'Show an account (staff)',
  access: scope('customers:read'),
  request: { params: z.object({ id: UserIdParam }) },
  responses: {
    200: json('The account', UserRecordResponse),
    ...problems('user_not_found'),
  },
})

export function addGetUser(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const found = await getUser(c.get('deps'), c.get('caller'), c.req.valid('param'))
    if (!found.ok) return problem(c, found.failure)
    const { user, groups } = found.value
    versioned(c, user.version)
    return c.json({ user: { ...toUserRecordView(user), customer_groups: groups.map(toGroupOfUserView) } }, 200)
  })
}
