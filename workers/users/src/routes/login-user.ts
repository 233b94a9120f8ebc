import { describeLimits, LIMITS, LoginBody, SessionView } from '@shop/contracts'
import { addressOf, BODY_PROBLEMS, createRoute, json, jsonBody, problem, problems, withLimits } from '@shop/http'
import type { UsersApp } from '../app.ts'
import { loginUser } from '../operations/login-user.ts'
import { toSessionView } from './views.ts'

const route = createRoute({
  method: 'post',
  path: '/api/users/login',
  operationId: 'loginUser',
  tags: ['Users'],
  summary: 'Sign in with e-mail and password',
  description: describeLimits(LIMITS.signIn, LIMITS.signInFailures, LIMITS.accountFailures),
  request: { body: jsonBody(LoginBody) },
  responses: {
    200: json('Signed in', SessionView),
    ...problems(...BODY_PROBLEMS, 'wrong_credentials', 'too_busy'),
  },
})

export function addLoginUser(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const deps = c.get('deps')
    const result = await loginUser(deps, { ...c.req.valid('json'), address: addressOf(c) })
    const answer = result.ok ? c.json(toSessionView(result.value, 'Signed in'), 200) : problem(c, result.failure)
    return withLimits(answer, result.limits, deps.now())
  })
}
