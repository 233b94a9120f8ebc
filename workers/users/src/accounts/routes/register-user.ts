import { describeLimits, LIMITS } from '@shop/contracts/limits'
import { addressOf, withLimits } from '@shop/http/limits'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { Email } from '@shop/kernel/email'
import { text } from '@shop/kernel/text'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { clientOf, DeviceId } from '../../sessions/routes/client-of.ts'
import { SessionView, toSessionView } from '../../sessions/routes/session-view.ts'
import { registerUser } from '../register-user.ts'

const MIN_PASSWORD_LENGTH = 15
const MAX_PASSWORD_LENGTH = 128

const RegisterBody = z
  .strictObject({
    email: Email,
    password: text(MIN_PASSWORD_LENGTH, MAX_PASSWORD_LENGTH).meta({
      description: 'A passphrase; every character counts',
      example: 'correct horse battery staple',
    }),
    device_id: DeviceId,
    name: text(1, 200).optional().meta({ example: 'Ada Lovelace' }),
  })
  .meta({ id: 'RegisterRequest' })

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
    const { device_id: deviceId, ...account } = c.req.valid('json')
    const request = { ...account, address: addressOf(c), client: clientOf(c.req.raw.headers, deviceId) }
    const result = await registerUser(deps, request)
    const answer = result.ok ? c.json(toSessionView(result.value, 'Account created'), 201) : problem(c, result.failure)
    return withLimits(answer, result.limits, deps.now())
  })
}
