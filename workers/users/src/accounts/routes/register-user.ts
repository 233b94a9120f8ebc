import { describeLimits, LIMITS } from '@shop/contracts/limits'
import { PUBLIC } from '@shop/http/access'
import { addressOf, withLimits } from '@shop/http/limits'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { Email } from '@shop/kernel/email'
import { LocaleField } from '@shop/kernel/locale'
import { text } from '@shop/kernel/text'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { NewPassword } from '../../passwords/routes/password-fields.ts'
import { clientOf, DeviceId } from '../../sessions/routes/client-of.ts'
import { SessionView, toSessionView } from '../../sessions/routes/session-view.ts'
import { registerUser } from '../register-user.ts'

const RegisterBody = z
  .strictObject({
    email: Email,
    password: NewPassword,
    device_id: DeviceId,
    name: text(1, 200).optional().meta({ example: 'Ada Lovelace' }),
    locale: LocaleField.optional(),
  })
  .meta({ id: 'RegisterRequest' })

const route = createRoute({
  method: 'post',
  path: '/api/users/register',
  operationId: 'registerUser',
  tags: ['Users'],
  summary: 'Open an account and sign in',
  description: `A mail with a link verifies the address. ${describeLimits(LIMITS.registration, LIMITS.registrationEmail)}`,
  access: PUBLIC,
  request: { body: jsonBody(RegisterBody) },
  responses: {
    201: json('The account, signed in', SessionView),
    ...problems(...BODY_PROBLEMS, 'invalid_password', 'email_taken', 'too_busy'),
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
