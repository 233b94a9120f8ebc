import { PUBLIC } from '@shop/http/access'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { startPasskeyLogin } from '../start-passkey-login.ts'
import { RequestOptionsView, toRequestOptionsView } from './passkey-fields.ts'
import { MfaTokenField } from './presented-fields.ts'

const StartPasskeyLoginBody = z
  .strictObject({ mfa_token: MfaTokenField.optional() })
  .meta({ id: 'StartPasskeyLoginRequest' })

const route = createRoute({
  method: 'post',
  path: '/api/users/login/passkey/options',
  operationId: 'startPasskeyLogin',
  tags: ['Users'],
  summary: 'Begin a sign-in with a passkey',
  description:
    'With `mfa_token` the passkey is the second factor of that sign-in. The challenge is good for one answer within five ' +
    'minutes.',
  access: PUBLIC,
  request: { body: jsonBody(StartPasskeyLoginBody) },
  responses: {
    200: json('What the authenticator needs', RequestOptionsView),
    ...problems(...BODY_PROBLEMS, 'invalid_mfa_token'),
  },
})

export function addStartPasskeyLogin(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const { mfa_token: mfaToken } = c.req.valid('json')
    const result = await startPasskeyLogin(c.get('deps'), { mfaToken })
    return result.ok ? c.json(toRequestOptionsView(result.value), 200) : problem(c, result.failure)
  })
}
