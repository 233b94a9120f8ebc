import { SIGNED_IN } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { CursorParam, LimitParam, NextCursor } from '@shop/kernel/pagination'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { listSessions } from '../list-sessions.ts'
import { ListedSessionView, toListedSessionView } from './listed-session-view.ts'

const SessionPage = z
  .strictObject({ sessions: z.array(ListedSessionView), next_cursor: NextCursor })
  .meta({ id: 'SessionPage' })

const route = createRoute({
  method: 'get',
  path: '/api/users/sessions',
  operationId: 'listSessions',
  tags: ['Users'],
  summary: 'List the sessions of the account that is signed in, the last sign-in first',
  access: SIGNED_IN,
  request: { query: z.object({ limit: LimitParam, cursor: CursorParam }) },
  responses: {
    200: json('A page of sessions', SessionPage),
    ...problems('validation_failed', 'invalid_cursor'),
  },
})

export function addListSessions(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const page = await listSessions(c.get('deps'), c.get('caller'), c.req.valid('query'))
    if (!page.ok) return problem(c, page.failure)
    const { items, nextCursor } = page.value
    return c.json({ sessions: items.map(toListedSessionView), next_cursor: nextCursor }, 200)
  })
}
