import { describeLimits, LIMITS } from '@shop/contracts/limits'
import { ANYONE } from '@shop/http/access'
import { addressOf, withLimits } from '@shop/http/limits'
import { MessageResponse } from '@shop/http/message'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import type { UsersApp } from '../../deps.ts'
import { MailTokenBody } from '../../tokens/routes/mail-token.ts'
import { confirmEmail } from '../confirm-email.ts'

const route = createRoute({
  method: 'post',
  path: '/api/users/email/confirm',
  operationId: 'confirmEmail',
  tags: ['Users'],
  summary: 'Change the e-mail address by the link of a mail',
  description:
    'All sessions of the account end, except the one whose access token is sent with the request. Links that were mailed ' +
    `earlier no longer work. ${describeLimits(LIMITS.credentialChange)}`,
  access: ANYONE,
  request: { body: jsonBody(MailTokenBody) },
  responses: {
    200: json('The address was changed, and is verified', MessageResponse),
    ...problems(...BODY_PROBLEMS, 'invalid_account_token', 'email_taken'),
  },
})

export function addConfirmEmail(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const deps = c.get('deps')
    const result = await confirmEmail(deps, c.get('caller'), { ...c.req.valid('json'), address: addressOf(c) })
    const answer = result.ok ? c.json({ message: 'E-mail address changed' }, 200) : problem(c, result.failure)
    return withLimits(answer, result.limits, deps.now())
  })
}
