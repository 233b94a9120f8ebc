import { SIGNED_IN } from '@shop/http/access'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { confirmTotp } from '../confirm-totp.ts'
import { AddedFactorView, FactorIdParam, toAddedFactorView } from './factor-view.ts'
import { CodeField } from './presented-fields.ts'

const route = createRoute({
  method: 'post',
  path: '/api/users/factors/{id}/confirm',
  operationId: 'confirmTotp',
  tags: ['Factors'],
  summary: 'Confirm an authenticator app by a code of it',
  description:
    'From now on a sign-in with the password needs a second factor. With the first factor come recovery codes. The ' +
    'session counts as signed in with two factors; its access token is renewed.',
  access: SIGNED_IN,
  request: {
    params: z.object({ id: FactorIdParam }),
    body: jsonBody(z.strictObject({ code: CodeField }).meta({ id: 'ConfirmTotpRequest' })),
  },
  responses: {
    200: json('The app protects the account', AddedFactorView),
    ...problems(...BODY_PROBLEMS, 'step_up_required', 'factor_not_found', 'wrong_proof'),
  },
})

export function addConfirmTotp(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const request = { ...c.req.valid('param'), ...c.req.valid('json') }
    const result = await confirmTotp(c.get('deps'), c.get('caller'), request)
    return result.ok ? c.json(toAddedFactorView(result.value), 200) : problem(c, result.failure)
  })
}
