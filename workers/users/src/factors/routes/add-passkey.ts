import { SIGNED_IN } from '@shop/http/access'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { UsersApp } from '../../deps.ts'
import { addPasskey } from '../add-passkey.ts'
import { AddedFactorView, FactorName, toAddedFactorView } from './factor-view.ts'
import { CreatedPasskeyField } from './passkey-fields.ts'

const AddPasskeyBody = z
  .strictObject({ name: FactorName.optional(), passkey: CreatedPasskeyField })
  .meta({ id: 'AddPasskeyRequest' })

const route = createRoute({
  method: 'post',
  path: '/api/users/passkeys',
  operationId: 'addPasskey',
  tags: ['Factors'],
  summary: 'Add a passkey',
  description:
    'It is a second factor, and signs in without a password where it can be found and verifies its user. With the first ' +
    'factor come recovery codes. The session counts as signed in with two factors; its access token is renewed.',
  access: SIGNED_IN,
  request: { body: jsonBody(AddPasskeyBody) },
  responses: {
    201: json('The passkey protects the account', AddedFactorView),
    ...problems(...BODY_PROBLEMS, 'step_up_required', 'wrong_proof', 'too_many_factors'),
  },
})

export function addAddPasskey(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const { name, passkey: response } = c.req.valid('json')
    const result = await addPasskey(c.get('deps'), c.get('caller'), { name, response })
    return result.ok ? c.json(toAddedFactorView(result.value), 201) : problem(c, result.failure)
  })
}
