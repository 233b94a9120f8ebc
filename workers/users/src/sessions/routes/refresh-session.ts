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
    `${REPEAT_SECONDS} seconds with the \`device_id\` of the sign-in, as after a lost answer, it gives the same next ` +
    'refresh token; to others it gives 401. Used again after that, it ends the session, because somebody else may have ' +
    'it. A session ends 30 days after its sign-in, however often it is refreshed.',
  access: PUBLIC,
  request: { body: jsonBody(RefreshBody) },
  responses: {
    200: json('Fresh tokens', SessionView),
    ...problems(...BODY_PROBLEMS, 'invalid_refresh_token'),
  },
})

export function addRefreshSession(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const { refresh_token: refreshToken, device_id: deviceId } = c.req.valid('json')
    const result = await refreshSession(c.get('deps'), { refreshToken, deviceId })
    return result.ok ? c.json(toSessionView(result.value, 'Session refreshed'), 200) : problem(c, result.failure)
  })
}
