import { PUBLIC } from '@shop/http/access'
import { MessageResponse } from '@shop/http/message'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import type { UsersApp } from '../../deps.ts'
import { logoutUser } from '../logout-user.ts'
import { LogoutBody } from './refresh-body.ts'

const route = createRoute({
  method: 'post',
  path: '/api/users/logout',
  operationId: 'logoutUser',
  tags: ['Users'],
  summary: 'End a session',
  description:
    'No token of the session can be used any more: to change something at once, to read something within a minute. ' +
    'Ending a session twice, or one that is unknown, succeeds too.',
  access: PUBLIC,
  request: { body: jsonBody(LogoutBody) },
  responses: {
    200: json('The session has ended', MessageResponse),
    ...problems(...BODY_PROBLEMS),
  },
})

export function addLogoutUser(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const ended = await logoutUser(c.get('deps'), c.req.valid('json').refresh_token)
    return ended.ok ? c.json({ message: 'Signed out' }, 200) : problem(c, ended.failure)
  })
}
