import { describeLimits, LIMITS } from '@shop/contracts/limits'
import { PUBLIC } from '@shop/http/access'
import { addressOf, withLimits } from '@shop/http/limits'
import { MessageResponse } from '@shop/http/message'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import type { UsersApp } from '../../deps.ts'
import { MailTokenBody } from '../../tokens/routes/mail-token.ts'
import { confirmVerification } from '../confirm-verification.ts'

const route = createRoute({
  method: 'post',
  path: '/api/users/verification/confirm',
  operationId: 'confirmVerification',
  tags: ['Users'],
  summary: 'Verify an address by the link of a mail',
  description: describeLimits(LIMITS.credentialChange),
  access: PUBLIC,
  request: { body: jsonBody(MailTokenBody) },
  responses: {
    200: json('The address is verified', MessageResponse),
    ...problems(...BODY_PROBLEMS, 'invalid_account_token'),
  },
})

export function addConfirmVerification(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const deps = c.get('deps')
    const result = await confirmVerification(deps, { ...c.req.valid('json'), address: addressOf(c) })
    const answer = result.ok ? c.json({ message: 'E-mail address verified' }, 200) : problem(c, result.failure)
    return withLimits(answer, result.limits, deps.now())
  })
}
