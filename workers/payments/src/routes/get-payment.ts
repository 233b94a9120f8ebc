import { opaqueId, PaymentResponse } from '@shop/contracts'
import { BEARER, createRoute, json, problem, problems } from '@shop/http'
import { z } from 'zod'
import { getPayment } from '../operations/get-payment.ts'
import { toPaymentView } from '../view.ts'
import type { PaymentsApp } from './payments-app.ts'

const route = createRoute({
  method: 'get',
  path: '/api/payments/{id}',
  operationId: 'getPayment',
  tags: ['Payments'],
  summary: 'Read a payment of yours',
  description: 'Staff read any payment.',
  security: BEARER,
  request: { params: z.object({ id: opaqueId('pay_01jd4k2v9rf0fv8z3x1m5q7w2e') }) },
  responses: {
    200: json('The payment', PaymentResponse),
    ...problems('authentication_required', 'payment_not_found', 'validation_failed'),
  },
})

export function addGetPayment(app: PaymentsApp): void {
  app.openapi(route, async (c) => {
    const found = await getPayment(c.get('deps'), c.get('caller'), c.req.valid('param').id)
    return found.ok ? c.json({ payment: toPaymentView(found.value) }, 200) : problem(c, found.failure)
  })
}
