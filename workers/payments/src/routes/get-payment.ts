import { opaqueId, PAYMENT_ID_EXAMPLE, PaymentResponse } from '@shop/contracts'
import { BEARER, createRoute, json, problem, problems } from '@shop/http'
import { z } from 'zod'
import { getPayment } from '../operations/get-payment.ts'
import { toPaymentView } from '../view.ts'
import { accessOf, type PaymentsApp, TokenHeaders } from './payments-app.ts'

const route = createRoute({
  method: 'get',
  path: '/api/payments/{id}',
  operationId: 'getPayment',
  tags: ['Payments'],
  summary: 'Read a payment of yours',
  description: 'Staff read any payment; a guest reads that of his order with its `X-Order-Token`.',
  security: BEARER,
  request: { params: z.object({ id: opaqueId(PAYMENT_ID_EXAMPLE) }), headers: TokenHeaders },
  responses: {
    200: json('The payment', PaymentResponse),
    ...problems('authentication_required', 'forbidden', 'payment_not_found', 'validation_failed'),
  },
})

export function addGetPayment(app: PaymentsApp): void {
  app.openapi(route, async (c) => {
    const access = accessOf(c.get('caller'), c.req.valid('header'))
    const found = await getPayment(c.get('deps'), access, c.req.valid('param').id)
    return found.ok ? c.json({ payment: toPaymentView(found.value) }, 200) : problem(c, found.failure)
  })
}
