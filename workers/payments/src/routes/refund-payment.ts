import { PAYMENT_ID_EXAMPLE, RefundPaymentBody, RefundResponse } from '@shop/contracts'
import { BEARER, BODY_PROBLEMS, createRoute, json, jsonBody, problem, problems } from '@shop/http'
import { opaqueId } from '@shop/kernel'
import { z } from 'zod'
import { refundPayment } from '../operations/refund-payment.ts'
import { toRefundView } from '../view.ts'
import { accessOf, KeyHeader, type PaymentsApp, REPLAYED_HEADER, replayed } from './payments-app.ts'

const route = createRoute({
  method: 'post',
  path: '/api/payments/{id}/refund',
  operationId: 'refundPayment',
  tags: ['Payments'],
  summary: 'Give a payment back, or a part of it (staff)',
  description:
    'Refunds never come to more than was captured, however many are asked for at once. A refund that is `pending` is on ' +
    'its way. Needs an `Idempotency-Key`: a repeated request gets the first refund and `Idempotency-Replayed: true`.',
  security: BEARER,
  request: {
    params: z.object({ id: opaqueId(PAYMENT_ID_EXAMPLE) }),
    headers: z.object(KeyHeader),
    body: jsonBody(RefundPaymentBody),
  },
  responses: {
    201: json('The refund', RefundResponse),
    ...problems(
      ...BODY_PROBLEMS,
      'authentication_required',
      'forbidden',
      'payment_not_found',
      'idempotency_key_required',
      'idempotency_key_reused',
      'idempotency_in_flight',
      'invalid_amount',
      'amount_not_chargeable',
      'refund_exceeds_captured',
      'refund_refused',
    ),
  },
})

export function addRefundPayment(app: PaymentsApp): void {
  app.openapi(route, async (c) => {
    const idempotencyKey = c.req.valid('header')['idempotency-key']
    const request = { paymentId: c.req.valid('param').id, idempotencyKey, ...c.req.valid('json') }
    const { result, replayed: isReplayed } = await refundPayment(c.get('deps'), accessOf(c.get('caller'), {}), request)
    if (!result.ok) return replayed(problem(c, result.failure), isReplayed)
    if (isReplayed) c.header(REPLAYED_HEADER, 'true')
    return c.json({ refund: toRefundView(result.value) }, 201)
  })
}
