import { orderCredentials } from '@shop/contracts/orders/access'
import { scope } from '@shop/http/access'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { KeyHeader, markReplayed, REPLAYED_HEADER } from '@shop/kernel/idempotency'
import { opaqueId } from '@shop/kernel/ids'
import { text } from '@shop/kernel/text'
import { z } from 'zod'
import type { PaymentsApp } from '../../deps.ts'
import { PAYMENT_ID_EXAMPLE, PositiveAmount } from '../../payments/routes/payment-view.ts'
import { refusePayment } from '../../payments/routes/refuse-payment.ts'
import { refundPayment } from '../refund-payment.ts'
import { RefundView, toRefundView } from './refund-view.ts'

const RefundPaymentBody = z
  .strictObject({
    amount: PositiveAmount.optional().meta({
      description: 'In major units; all that is left if left out',
      example: 9.99,
    }),
    reason: text(1, 500).optional().meta({ description: 'The customer can read it', example: 'One cup was broken' }),
  })
  .meta({ id: 'RefundPaymentRequest' })

const RefundResponse = z.strictObject({ refund: RefundView }).meta({ id: 'RefundResponse' })

const route = createRoute({
  method: 'post',
  path: '/api/payments/{id}/refund',
  operationId: 'refundPayment',
  tags: ['Payments'],
  summary: 'Refund a payment, or a part of it (staff)',
  description:
    'Refunds never exceed the captured amount, however many are requested at once. A `pending` refund is on its way. ' +
    'Needs an `Idempotency-Key`: a repeated request gets the first refund and `Idempotency-Replayed: true`.',
  access: scope('orders:refund', refusePayment('orders:refund')),
  request: {
    params: z.object({ id: opaqueId(PAYMENT_ID_EXAMPLE) }),
    headers: z.object(KeyHeader),
    body: jsonBody(RefundPaymentBody),
  },
  responses: {
    201: json('The refund', RefundResponse),
    ...problems(
      ...BODY_PROBLEMS,
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
    const { result, replayed: isReplayed } = await refundPayment(
      c.get('deps'),
      orderCredentials(c.get('caller'), {}),
      request,
    )
    if (!result.ok) return markReplayed(problem(c, result.failure), isReplayed)
    if (isReplayed) c.header(REPLAYED_HEADER, 'true')
    return c.json({ refund: toRefundView(result.value) }, 201)
  })
}
