import { SIGNED_IN } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import type { UsersApp } from '../../deps.ts'
import { startPasskey } from '../start-passkey.ts'
import { CreationOptionsView, toCreationOptionsView } from './passkey-fields.ts'

const route = createRoute({
  method: 'post',
  path: '/api/users/passkeys/options',
  operationId: 'startPasskey',
  tags: ['Factors'],
  summary: 'Begin to add a passkey',
  description: 'The challenge is good for one answer within five minutes.',
  access: SIGNED_IN,
  responses: {
    200: json('What the authenticator needs', CreationOptionsView),
    ...problems('step_up_required'),
  },
})

export function addStartPasskey(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const result = await startPasskey(c.get('deps'), c.get('caller'))
    return result.ok ? c.json(toCreationOptionsView(result.value), 200) : problem(c, result.failure)
  })
}
