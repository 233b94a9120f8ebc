import { PUBLIC } from '@shop/http/access'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import type { UsersApp } from '../../deps.ts'
import { REPEAT_SECONDS } from '../domain/refresh-token.ts'
import { refreshSession } from '../refresh-session.ts'
import { RefreshBody } from './refresh-body.ts'
import { SessionView, toSessionView } from './session-view.ts'

const route = createRoute({
  method: 'post',
  path: '/api/users/refresh',
  operationId: 'refreshSession',
  tags: ['Users'],
  summary: 'Trade a refresh token for fresh tokens',
  description:
    'A refresh token is good for one refresh. Repeated within ' +
    `${REPEAT_SECONDS} seconds, as after a lost answer, the same request gives the same next refresh token; ` +
    'used again after that, it ends the session, because somebody else may have it.',
  access: PUBLIC,
  request: { body: jsonBody(RefreshBody) },
  responses: {
    200: json('Fresh tokens', SessionView),
    ...problems(...BODY_PROBLEMS, 'invalid_refresh_token'),
  },
})

export function addRefreshSession(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const result = await refreshSession(c.get('deps'), c.req.valid('json').refresh_token)
    return result.ok ? c.json(toSessionView(result.value, 'Session refreshed'), 200) : problem(c, result.failure)
  })
}
