import { describeLimits, LIMITS } from '@shop/contracts/limits'
import { ANYONE } from '@shop/http/access'
import { addressOf, withLimits } from '@shop/http/limits'
import { MessageResponse } from '@shop/http/message'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { SignInEmail } from '@shop/kernel/email'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { requestVerification } from '../request-verification.ts'

const VerificationBody = z
  .strictObject({ email: SignInEmail.optional() })
  .meta({ id: 'VerificationRequest', description: 'Without an address: that of the caller, who has to be signed in' })

const route = createRoute({
  method: 'post',
  path: '/api/users/verification',
  operationId: 'requestVerification',
  tags: ['Users'],
  summary: 'Request another mail with a link that verifies an address',
  description:
    'The answer is the same whether the address has an account, and whether it is verified. The link works once and for an ' +
    `hour; another request replaces it. ${describeLimits(LIMITS.accountMail, LIMITS.accountMailEmail)}`,
  access: ANYONE,
  request: { body: { ...jsonBody(VerificationBody), required: false } },
  responses: {
    202: json('The request was accepted', MessageResponse),
    ...problems(...BODY_PROBLEMS, 'authentication_required'),
  },
})

export function addRequestVerification(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const deps = c.get('deps')
    const { email } = c.req.valid('json')
    const result = await requestVerification(deps, c.get('caller'), { email, address: addressOf(c) })
    const message = 'If the address has an account and is not verified, a mail with a link is on its way'
    const answer = result.ok ? c.json({ message }, 202) : problem(c, result.failure)
    return withLimits(answer, result.limits, deps.now())
  })
}
