import { describeLimits, LIMITS } from '@shop/contracts/limits'
import { PUBLIC } from '@shop/http/access'
import { addressOf, withLimits } from '@shop/http/limits'
import { MessageResponse } from '@shop/http/message'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { DeviceId } from '../../sessions/routes/client-of.ts'
import { MailToken } from '../../tokens/routes/mail-token.ts'
import { confirmPasswordReset } from '../confirm-password-reset.ts'
import { NewPassword } from './password-fields.ts'

const ConfirmPasswordResetBody = z
  .strictObject({ token: MailToken, new_password: NewPassword, device_id: DeviceId })
  .meta({ id: 'ConfirmPasswordResetRequest' })

const route = createRoute({
  method: 'post',
  path: '/api/users/password-reset/confirm',
  operationId: 'confirmPasswordReset',
  tags: ['Users'],
  summary: 'Set a new password by the link of a mail',
  description:
    'All sessions end; sign in with the new password. The address counts as verified. A password that is refused leaves the ' +
    `link as it is. ${describeLimits(LIMITS.credentialChange)}`,
  access: PUBLIC,
  request: { body: jsonBody(ConfirmPasswordResetBody) },
  responses: {
    200: json('The password was set', MessageResponse),
    ...problems(...BODY_PROBLEMS, 'invalid_account_token', 'invalid_password', 'too_busy'),
  },
})

export function addConfirmPasswordReset(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const deps = c.get('deps')
    const { token, new_password: newPassword, device_id: deviceId } = c.req.valid('json')
    const result = await confirmPasswordReset(deps, { token, newPassword, deviceId, address: addressOf(c) })
    const answer = result.ok ? c.json({ message: 'Password changed' }, 200) : problem(c, result.failure)
    return withLimits(answer, result.limits, deps.now())
  })
}
