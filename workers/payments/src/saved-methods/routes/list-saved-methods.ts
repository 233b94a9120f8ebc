import { SIGNED_IN } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { PaymentsApp } from '../../deps.ts'
import type { SavedMethod } from '../domain/saved-method.ts'
import { listSavedMethods } from '../list-saved-methods.ts'

const SavedMethodView = z
  .strictObject({
    id: z.string().meta({ description: 'To pay with', example: 'pm_1Q0PsIJvEtkwdCNYMSaVuRz6' }),
    brand: z.string().meta({ example: 'visa' }),
    last4: z.string().meta({ example: '4242' }),
    exp_month: z.int().meta({ example: 12 }),
    exp_year: z.int().meta({ example: 2030 }),
  })
  .meta({ id: 'SavedPaymentMethod' })

const SavedMethodsResponse = z
  .strictObject({ payment_methods: z.array(SavedMethodView) })
  .meta({ id: 'SavedPaymentMethods' })

const route = createRoute({
  method: 'get',
  path: '/api/payments/methods',
  operationId: 'listSavedMethods',
  tags: ['Payments'],
  summary: 'List your saved cards',
  access: SIGNED_IN,
  responses: {
    200: json('Your cards, newest first', SavedMethodsResponse),
    ...problems('payment_provider_unavailable'),
  },
})

export function addListSavedMethods(app: PaymentsApp): void {
  app.openapi(route, async (c) => {
    const listed = await listSavedMethods(c.get('deps'), c.get('caller'))
    return listed.ok ? c.json(toSavedMethodsView(listed.value), 200) : problem(c, listed.failure)
  })
}

export function toSavedMethodsView(methods: SavedMethod[]): z.infer<typeof SavedMethodsResponse> {
  return { payment_methods: methods.map(toSavedMethodView) }
}

function toSavedMethodView({ id, brand, last4, expMonth, expYear }: SavedMethod): z.infer<typeof SavedMethodView> {
  return { id, brand, last4, exp_month: expMonth, exp_year: expYear }
}
