import { SIGNED_IN } from '@shop/http/access'
import { MessageResponse } from '@shop/http/message'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { endSession } from '../end-session.ts'
import { SessionIdParam } from './listed-session-view.ts'

const route = createRoute({
  method: 'delete',
  path: '/api/users/sessions/{id}',
  operationId: 'endSession',
  tags: ['Users'],
  summary: 'End a session of the account that is signed in',
  description: 'Ending it twice succeeds too.',
  access: SIGNED_IN,
  request: { params: z.object({ id: SessionIdParam }) },
  responses: {
    200: json('The session has ended', MessageResponse),
    ...problems('session_not_found'),
  },
})

export function addEndSession(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const ended = await endSession(c.get('deps'), c.get('caller'), c.req.valid('param'))
    return ended.ok ? c.json({ message: 'Session ended' }, 200) : problem(c, ended.failure)
  })
}
