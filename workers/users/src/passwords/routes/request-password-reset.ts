import { describeLimits, LIMITS } from '@shop/contracts/limits'
import { PUBLIC } from '@shop/http/access'
import { addressOf, withLimits } from '@shop/http/limits'
import { MessageResponse } from '@shop/http/message'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { SignInEmail } from '@shop/kernel/email'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { requestPasswordReset } from '../request-password-reset.ts'

const PasswordResetBody = z.strictObject({ email: SignInEmail }).meta({ id: 'PasswordResetRequest' })

const route = createRoute({
  method: 'post',
  path: '/api/users/password-reset',
  operationId: 'requestPasswordReset',
  tags: ['Users'],
  summary: 'Request a mail with a link that sets a new password',
  description:
    'The answer is the same whether the address has an account. The link works once and for an hour; another request ' +
    `replaces it. ${describeLimits(LIMITS.accountMail, LIMITS.accountMailEmail)}`,
  access: PUBLIC,
  request: { body: jsonBody(PasswordResetBody) },
  responses: { 202: json('The request was accepted', MessageResponse), ...problems(...BODY_PROBLEMS) },
})

export function addRequestPasswordReset(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const deps = c.get('deps')
    const result = await requestPasswordReset(deps, { ...c.req.valid('json'), address: addressOf(c) })
    const message = 'If the address has an account, a mail with a link is on its way'
    const answer = result.ok ? c.json({ message }, 202) : problem(c, result.failure)
    return withLimits(answer, result.limits, deps.now())
  })
}
