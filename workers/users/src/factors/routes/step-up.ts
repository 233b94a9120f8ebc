import { describeLimits, LIMITS } from '@shop/contracts/limits'
import { ACCESS_TOKEN_SECONDS } from '@shop/contracts/users/access-tokens'
import { SIGNED_IN } from '@shop/http/access'
import { addressOf, withLimits } from '@shop/http/limits'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { text } from '@shop/kernel/text'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { DeviceId } from '../../sessions/routes/client-of.ts'
import { stepUp } from '../step-up.ts'
import { AccessToken, ExpiresIn } from './factor-view.ts'
import { PasskeyAnswerField } from './passkey-fields.ts'
import { CodeField, exactlyOneOf } from './presented-fields.ts'

const StepUpBody = z
  .strictObject({
    password: text(1, 1024).optional().meta({ example: 'correct horse battery staple' }),
    code: CodeField.optional(),
    passkey: PasskeyAnswerField.optional(),
    device_id: DeviceId,
  })
  .refine(exactlyOneOf('password', 'code', 'passkey'), 'needs one of password, code and passkey')
  .meta({ id: 'StepUpRequest' })

const SteppedUpView = z
  .strictObject({
    message: z.string().meta({ example: 'Confirmed that it is you' }),
    token: AccessToken,
    expires_in: ExpiresIn,
  })
  .meta({ id: 'SteppedUp' })

const route = createRoute({
  method: 'post',
  path: '/api/users/step-up',
  operationId: 'stepUp',
  tags: ['Factors'],
  summary: 'Prove again who is signed in',
  description:
    'Operations that change what protects an account need a sign-in or a step-up within the last ten minutes; otherwise they ' +
    'answer 403 `step_up_required`. Send them the new access token. An account with a second factor sends `code` or `passkey` ' +
    'here, any other account its `password`. ' +
    describeLimits(LIMITS.signIn, LIMITS.signInFailures, LIMITS.accountFailures),
  access: SIGNED_IN,
  request: { body: jsonBody(StepUpBody) },
  responses: {
    200: json('A fresh access token of the same session', SteppedUpView),
    ...problems(...BODY_PROBLEMS, 'step_up_required', 'wrong_proof', 'too_busy'),
  },
})

export function addStepUp(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const deps = c.get('deps')
    const { device_id: deviceId, ...members } = c.req.valid('json')
    const request = { presented: presentedIn(members), address: addressOf(c), deviceId }
    const result = await stepUp(deps, c.get('caller'), request)
    const answer = result.ok
      ? c.json({ message: 'Confirmed that it is you', token: result.value, expires_in: ACCESS_TOKEN_SECONDS }, 200)
      : problem(c, result.failure)
    return withLimits(answer, result.limits, deps.now())
  })
}

/** The schema has checked that there is exactly one. */
function presentedIn({ password = '', code, passkey }: Omit<z.infer<typeof StepUpBody>, 'device_id'>) {
  if (code !== undefined) return { method: 'code', code } as const
  if (passkey !== undefined) return { method: 'passkey', response: passkey } as const
  return { method: 'password', password } as const
}
