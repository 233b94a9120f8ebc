import { SIGNED_IN } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import type { UsersApp } from '../../deps.ts'
import { startStepUp } from '../start-step-up.ts'
import { RequestOptionsView, toRequestOptionsView } from './passkey-fields.ts'

const route = createRoute({
  method: 'post',
  path: '/api/users/step-up/options',
  operationId: 'startStepUp',
  tags: ['Factors'],
  summary: 'Begin a step-up with a passkey',
  description: 'The challenge is good for one answer within five minutes.',
  access: SIGNED_IN,
  responses: {
    200: json('What the authenticator needs', RequestOptionsView),
    ...problems('no_factor'),
  },
})

export function addStartStepUp(app: UsersApp): void {
  app.openapi(route, async (c) => {
    const result = await startStepUp(c.get('deps'), c.get('caller'))
    return result.ok ? c.json(toRequestOptionsView(result.value), 200) : problem(c, result.failure)
  })
}
