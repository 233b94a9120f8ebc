import { describeLimits, LIMITS } from '@shop/contracts/limits'
import { PUBLIC } from '@shop/http/access'
import { addressOf, withLimits } from '@shop/http/limits'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { clientOf, DeviceId } from '../../sessions/routes/client-of.ts'
import { SessionView, toSessionView } from '../../sessions/routes/session-view.ts'
import { MAX_ATTEMPTS } from '../domain/factor.ts'
import { loginWithFactor } from '../login-with-factor.ts'
import { PasskeyAnswerField } from './passkey-fields.ts'
import { CodeField, exactlyOneOf, MfaTokenField, RecoveryCodeField } from './presented-fields.ts'

const LoginFactorBody = z
  .strictObject({
    mfa_token: MfaTokenField,
    code: CodeField.optional(),
    recovery_code: RecoveryCodeField.optional(),
    passkey: PasskeyAnswerField.optional(),
    device_id: DeviceId,
  })
  .refine(exactlyOneOf('code', 'recovery_code', 'passkey'), 'needs one of code, recovery_code and passkey')
  .meta({ id: 'LoginFactorRequest' })

const route = createRoute({
  method: 'post',
  path: '/api/users/login/factor',
  operationId: 'loginWithFactor',
  tags: ['Users'],
  summary: 'Finish a sign-in with the second factor',
  description:
    `Takes one of \`code\`, \`recovery_code\` and \`passkey\`. A token of a first step is good for ${MAX_ATTEMPTS} ` +
    `attempts. ${describeLimits(LIMITS.signIn, LIMITS.signInFailures, LIMITS.accountFailures)}`,
  access: PUBLIC,
  request: { body: jsonBody(LoginFactorBody) },
  responses: {
    200: json('Signed in', SessionView),
    ...problems(...BODY_PROBLEMS, 'invalid_mfa_token', 'wrong_factor'),
  },
})

export function addLoginWithFactor(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const deps = c.get('deps')
    const { mfa_token: mfaToken, device_id: deviceId, ...members } = c.req.valid('json')
    const client = clientOf(c.req.raw.headers, deviceId)
    const request = { mfaToken, presented: presentedIn(members), client, address: addressOf(c) }
    const result = await loginWithFactor(deps, request)
    const answer = result.ok ? c.json(toSessionView(result.value, 'Signed in'), 200) : problem(c, result.failure)
    return withLimits(answer, result.limits, deps.now())
  })
}

type Members = Omit<z.infer<typeof LoginFactorBody>, 'mfa_token' | 'device_id'>

/** The schema has checked that there is exactly one. */
function presentedIn({ code, recovery_code: recoveryCode = '', passkey }: Members) {
  if (code !== undefined) return { method: 'code', code } as const
  if (passkey !== undefined) return { method: 'passkey', response: passkey } as const
  return { method: 'recovery_code', recoveryCode } as const
}
