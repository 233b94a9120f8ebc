import { SIGNED_IN } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { replaceRecoveryCodes } from '../replace-recovery-codes.ts'
import { RecoveryCodes } from './factor-view.ts'

const route = createRoute({
  method: 'post',
  path: '/api/users/factors/recovery-codes',
  operationId: 'replaceRecoveryCodes',
  tags: ['Factors'],
  summary: 'Make new recovery codes; all earlier ones are void',
  access: SIGNED_IN,
  responses: {
    201: json('The codes', z.strictObject({ recovery_codes: RecoveryCodes }).meta({ id: 'RecoveryCodes' })),
    ...problems('step_up_required', 'no_factor'),
  },
})

export function addReplaceRecoveryCodes(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const result = await replaceRecoveryCodes(c.get('deps'), c.get('caller'))
    return result.ok ? c.json({ recovery_codes: result.value }, 201) : problem(c, result.failure)
  })
}
