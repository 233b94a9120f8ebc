import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { CursorParam, LimitParam, NextCursor } from '@shop/kernel/pagination'
import { filterText } from '@shop/kernel/text'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { listUsers } from '../list-users.ts'
import { toUserRecordView, UserRecordView } from './user-view.ts'

const UserPage = z.strictObject({ users: z.array(UserRecordView), next_cursor: NextCursor }).meta({ id: 'UserPage' })

const SearchParam = filterText(254).meta({
  type: 'string',
  description: 'The beginning of an e-mail address or of a name, in any case',
  example: 'ada',
})

const route = createRoute({
  method: 'get',
  path: '/api/users',
  operationId: 'listUsers',
  tags: ['Users'],
  summary: 'List the accounts, newest first (staff)',
  access: scope('customers:read'),
  request: { query: z.object({ search: SearchParam, limit: LimitParam, cursor: CursorParam }) },
  responses: {
    200: json('A page of accounts', UserPage),
    ...problems('validation_failed', 'invalid_cursor'),
  },
})

export function addListUsers(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const page = await listUsers(c.get('deps'), c.get('caller'), c.req.valid('query'))
    if (!page.ok) return problem(c, page.failure)
    return c.json({ users: page.value.items.map(toUserRecordView), next_cursor: page.value.nextCursor }, 200)
  })
}
