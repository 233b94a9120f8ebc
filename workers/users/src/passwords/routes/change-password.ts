import { describeLimits, LIMITS } from '@shop/contracts/limits'
import { SIGNED_IN } from '@shop/http/access'
import { addressOf, withLimits } from '@shop/http/limits'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { clientOf, DeviceId } from '../../sessions/routes/client-of.ts'
import { SessionView, toSessionView } from '../../sessions/routes/session-view.ts'
import { changePassword } from '../change-password.ts'
import { CurrentPassword, NewPassword } from './password-fields.ts'

const ChangePasswordBody = z
  .strictObject({ current_password: CurrentPassword, new_password: NewPassword, device_id: DeviceId })
  .meta({ id: 'ChangePasswordRequest' })

const route = createRoute({
  method: 'post',
  path: '/api/users/password',
  operationId: 'changePassword',
  tags: ['Users'],
  summary: 'Change the password',
  description:
    'All sessions end; the caller goes on with the tokens of the answer. Links that were sent before no longer work. ' +
    describeLimits(LIMITS.credentialChange, LIMITS.passwordFailures),
  access: SIGNED_IN,
  request: { body: jsonBody(ChangePasswordBody) },
  responses: {
    200: json('The password was changed', SessionView),
    ...problems(...BODY_PROBLEMS, 'step_up_required', 'wrong_password', 'invalid_password', 'too_busy'),
  },
})

export function addChangePassword(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const deps = c.get('deps')
    const { current_password: currentPassword, new_password: newPassword, device_id: deviceId } = c.req.valid('json')
    const client = clientOf(c.req.raw.headers, deviceId)
    const request = { currentPassword, newPassword, address: addressOf(c), client }
    const result = await changePassword(deps, c.get('caller'), request)
    const answer = result.ok ? c.json(toSessionView(result.value, 'Password changed'), 200) : problem(c, result.failure)
    return withLimits(answer, result.limits, deps.now())
  })
}
