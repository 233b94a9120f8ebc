import { describeLimits, LIMITS } from '@shop/contracts/limits'
import { addressOf, withLimits } from '@shop/http/limits'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { SignInEmail } from '@shop/kernel/email'
import { text } from '@shop/kernel/text'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { SecondFactorView, toSecondFactorView } from '../../factors/routes/second-factor-view.ts'
import { type LoggedIn, loginUser } from '../login-user.ts'
import { SessionView, toSessionView } from './session-view.ts'

const LoginBody = z
  .strictObject({
    email: SignInEmail,
    password: text(1, 1024).meta({ example: 'correct horse battery staple' }),
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
  request: { body: jsonBody(LoginBody) },
  responses: {
    200: json('Signed in, or half way', LoginView),
    ...problems(...BODY_PROBLEMS, 'wrong_credentials', 'too_busy'),
  },
})

export function addLoginUser(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const deps = c.get('deps')
    const result = await loginUser(deps, { ...c.req.valid('json'), address: addressOf(c) })
    const answer = result.ok ? c.json(toLoginView(result.value), 200) : problem(c, result.failure)
    return withLimits(answer, result.limits, deps.now())
  })
}

const toLoginView = (login: LoggedIn): z.infer<typeof LoginView> =>
  'mfaToken' in login ? toSecondFactorView(login) : toSessionView(login, 'Signed in')
