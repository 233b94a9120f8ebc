import { SavedMethodsResponse } from '@shop/contracts'
import { BEARER, createRoute, json, problem, problems } from '@shop/http'
import { listSavedMethods } from '../operations/list-saved-methods.ts'
import { toSavedMethodView } from '../record-views.ts'
import type { PaymentsApp } from './payments-app.ts'

const route = createRoute({
  method: 'get',
  path: '/api/payments/methods',
  operationId: 'listSavedMethods',
  tags: ['Payments'],
  summary: 'List your saved cards',
  security: BEARER,
  responses: {
    200: json('Your cards, newest first', SavedMethodsResponse),
    ...problems('authentication_required', 'payment_provider_unavailable'),
  },
})

export function addListSavedMethods(app: PaymentsApp): void {
  app.openapi(route, async (c) => {
    const listed = await listSavedMethods(c.get('deps'), c.get('caller'))
    return listed.ok
      ? c.json({ payment_methods: listed.value.map(toSavedMethodView) }, 200)
      : problem(c, listed.failure)
  })
}
