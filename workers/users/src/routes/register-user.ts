import { describeLimits, LIMITS, RegisterBody, SessionView } from '@shop/contracts'
import { addressOf, BODY_PROBLEMS, createRoute, json, jsonBody, problem, problems, withLimits } from '@shop/http'
import type { UsersApp } from '../app.ts'
import { registerUser } from '../operations/register-user.ts'
import { toSessionView } from './views.ts'

const route = createRoute({
  method: 'post',
  path: '/api/users/register',
  operationId: 'registerUser',
  tags: ['Users'],
  summary: 'Open an account and sign in',
  description: describeLimits(LIMITS.registration, LIMITS.registrationEmail),
  request: { body: jsonBody(RegisterBody) },
  responses: {
    201: json('The account, signed in', SessionView),
    ...problems(...BODY_PROBLEMS, 'email_taken', 'too_busy'),
  },
})

export function addRegisterUser(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const deps = c.get('deps')
    const result = await registerUser(deps, { ...c.req.valid('json'), address: addressOf(c) })
    const answer = result.ok ? c.json(toSessionView(result.value, 'Account created'), 201) : problem(c, result.failure)
    return withLimits(answer, result.limits, deps.now())
  })
}
