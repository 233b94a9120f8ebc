import { describeLimits, LIMITS } from '@shop/contracts/limits'
import { SIGNED_IN } from '@shop/http/access'
import { addressOf, withLimits } from '@shop/http/limits'
import { MessageResponse } from '@shop/http/message'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { Email } from '@shop/kernel/email'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { CurrentPassword } from '../../passwords/routes/password-fields.ts'
import { changeEmail } from '../change-email.ts'

const ChangeEmailBody = z
  .strictObject({ new_email: Email, password: CurrentPassword })
  .meta({ id: 'ChangeEmailRequest' })

const route = createRoute({
  method: 'post',
  path: '/api/users/email',
  operationId: 'changeEmail',
  tags: ['Users'],
  summary: 'Request a change of the e-mail address',
  description:
    'A mail to the new address has a link that confirms the change; then the address before is told of it. The link works once ' +
    `and for an hour; another request replaces it. ${describeLimits(
      LIMITS.accountMail,
      LIMITS.accountMailEmail,
      LIMITS.emailChange,
      LIMITS.credentialChange,
      LIMITS.passwordFailures,
    )}`,
  access: SIGNED_IN,
  request: { body: jsonBody(ChangeEmailBody) },
  responses: {
    202: json('A mail to the new address is on its way', MessageResponse),
    ...problems(...BODY_PROBLEMS, 'step_up_required', 'wrong_password', 'email_taken', 'too_busy'),
  },
})

export function addChangeEmail(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const deps = c.get('deps')
    const { new_email: newEmail, password } = c.req.valid('json')
    const result = await changeEmail(deps, c.get('caller'), { newEmail, password, address: addressOf(c) })
    const message = 'A mail with a link is on its way to the new address'
    const answer = result.ok ? c.json({ message }, 202) : problem(c, result.failure)
    return withLimits(answer, result.limits, deps.now())
  })
}
