import { PAYMENT_ID_EXAMPLE, PaymentDetailsResponse } from '@shop/contracts'
import { BEARER_OR_ORDER_TOKEN, createRoute, json, problem, problems } from '@shop/http'
import { opaqueId } from '@shop/kernel'
import { z } from 'zod'
import { getPayment } from '../operations/get-payment.ts'
import { toDisputeView } from '../record-views.ts'
import { toPaymentView } from '../view.ts'
import { accessOf, type PaymentsApp, TokenHeaders } from './payments-app.ts'

const route = createRoute({
  method: 'get',
  path: '/api/payments/{id}',
  operationId: 'getPayment',
  tags: ['Payments'],
  summary: 'Read a payment of yours',
  description: 'Staff read any payment, and its disputes; a guest reads that of his order with its `X-Order-Token`.',
  security: BEARER_OR_ORDER_TOKEN,
  request: { params: z.object({ id: opaqueId(PAYMENT_ID_EXAMPLE) }), headers: TokenHeaders },
  responses: {
    200: json('The payment', PaymentDetailsResponse),
    ...problems('authentication_required', 'forbidden', 'payment_not_found', 'validation_failed'),
  },
})

export function addGetPayment(app: PaymentsApp): void {
  app.openapi(route, async (c) => {
    const access = accessOf(c.get('caller'), c.req.valid('header'))
    const found = await getPayment(c.get('deps'), access, c.req.valid('param').id)
    if (!found.ok) return problem(c, found.failure)
    const { payment, disputes } = found.value
    const details = disputes && { disputes: disputes.map(toDisputeView) }
    return c.json({ payment: { ...toPaymentView(payment), ...details } }, 200)
  })
}
