import { describeLimits, LIMITS } from '@shop/contracts/limits'
import { PUBLIC } from '@shop/http/access'
import { addressOf, withLimits } from '@shop/http/limits'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { SignInEmail } from '@shop/kernel/email'
import { text } from '@shop/kernel/text'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { SecondFactorView, toSecondFactorView } from '../../factors/routes/second-factor-view.ts'
import { type LoggedIn, loginUser } from '../login-user.ts'
import { clientOf, DeviceId } from './client-of.ts'
import { SessionView, toSessionView } from './session-view.ts'

const LoginBody = z
  .strictObject({
    email: SignInEmail,
    password: text(1, 1024).meta({ example: 'violet teapots sing at noon' }),
    device_id: DeviceId,
  })
  .meta({ id: 'LoginRequest' })

const LoginView = z.union([SessionView, SecondFactorView]).meta({ id: 'Login' })

const route = createRoute({
  method: 'post',
  path: '/api/users/login',
  operationId: 'loginUser',
  tags: ['Users'],
  summary: 'Sign in with e-mail and password',
  description:
    'An account with a second factor gets no tokens yet: `mfa_required` is true, and `POST /api/users/login/factor` ' +
    `finishes the sign-in. ${describeLimits(LIMITS.signIn, LIMITS.signInFailures, LIMITS.accountFailures)}`,
  access: PUBLIC,
  request: { body: jsonBody(LoginBody) },
  responses: {
    200: json('Signed in, or half way', LoginView),
    ...problems(...BODY_PROBLEMS, 'wrong_credentials', 'too_busy'),
  },
})

export function addLoginUser(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const deps = c.get('deps')
    const { device_id: deviceId, ...credentials } = c.req.valid('json')
    const request = { ...credentials, address: addressOf(c), client: clientOf(c.req.raw.headers, deviceId) }
    const result = await loginUser(deps, request)
    const answer = result.ok ? c.json(toLoginView(result.value), 200) : problem(c, result.failure)
    return withLimits(answer, result.limits, deps.now())
  })
}

const toLoginView = (login: LoggedIn): z.infer<typeof LoginView> =>
  'mfaToken' in login ? toSecondFactorView(login) : toSessionView(login, 'Signed in')
