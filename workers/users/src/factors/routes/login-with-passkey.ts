import { describeLimits, LIMITS } from '@shop/contracts/limits'
import { PUBLIC } from '@shop/http/access'
import { addressOf, withLimits } from '@shop/http/limits'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { clientOf, DeviceId } from '../../sessions/routes/client-of.ts'
import { SessionView, toSessionView } from '../../sessions/routes/session-view.ts'
import { loginWithPasskey } from '../login-with-passkey.ts'
import { PasskeyAnswerField } from './passkey-fields.ts'

const LoginPasskeyBody = z
  .strictObject({ passkey: PasskeyAnswerField, device_id: DeviceId })
  .meta({ id: 'LoginPasskeyRequest' })

const route = createRoute({
  method: 'post',
  path: '/api/users/login/passkey',
  operationId: 'loginWithPasskey',
  tags: ['Users'],
  summary: 'Sign in with a passkey, without a password',
  description: `It needs no second factor, since the passkey verifies its user. ${describeLimits(LIMITS.signIn)}`,
  access: PUBLIC,
  request: { body: jsonBody(LoginPasskeyBody) },
  responses: { 200: json('Signed in', SessionView), ...problems(...BODY_PROBLEMS, 'wrong_factor') },
})

export function addLoginWithPasskey(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const deps = c.get('deps')
    const { passkey: response, device_id: deviceId } = c.req.valid('json')
    const request = { response, address: addressOf(c), client: clientOf(c.req.raw.headers, deviceId) }
    const result = await loginWithPasskey(deps, request)
    const answer = result.ok ? c.json(toSessionView(result.value, 'Signed in'), 200) : problem(c, result.failure)
    return withLimits(answer, result.limits, deps.now())
  })
}
