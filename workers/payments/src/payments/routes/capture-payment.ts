import { orderCredentials } from '@shop/contracts/orders/access'
import { scope } from '@shop/http/access'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { KeyHeader, markReplayed, REPLAYED_HEADER } from '@shop/kernel/idempotency'
import { opaqueId } from '@shop/kernel/ids'
import { z } from 'zod'
import type { PaymentsApp } from '../../deps.ts'
import { capturePayment } from '../capture-payment.ts'
import { PAYMENT_ID_EXAMPLE, PaymentResponse, PositiveAmount, toPaymentView } from './payment-view.ts'
import { refusePayment } from './refuse-payment.ts'

const CapturePaymentBody = z
  .strictObject({
    amount: PositiveAmount.optional().meta({
      description: 'In major units; all of it if left out. A part releases the rest: a payment is captured once',
      example: 9.99,
    }),
  })
  .meta({ id: 'CapturePaymentRequest' })

const route = createRoute({
  method: 'post',
  path: '/api/payments/{id}/capture',
  operationId: 'capturePayment',
  tags: ['Payments'],
  summary: 'Capture an authorized payment, or a part of it (staff)',
  description:
    'With `capture_method: manual` the shop captures a payment by itself when the order ships. Capturing a part releases ' +
    'the rest: a payment is captured once. Needs an `Idempotency-Key`: a repeated request gets the first answer and ' +
    '`Idempotency-Replayed: true`.',
  access: scope('payments:capture', refusePayment('payments:capture')),
  request: {
    params: z.object({ id: opaqueId(PAYMENT_ID_EXAMPLE) }),
    headers: z.object(KeyHeader),
    body: jsonBody(CapturePaymentBody),
  },
  responses: {
    200: json('The payment, captured', PaymentResponse),
    ...problems(
      ...BODY_PROBLEMS,
      'payment_not_found',
      'idempotency_key_required',
      'idempotency_key_reused',
      'idempotency_in_flight',
      'invalid_amount',
      'amount_not_chargeable',
      'payment_in_progress',
      'payment_declined',
      'payment_not_capturable',
      'capture_exceeds_authorized',
      'payment_provider_unavailable',
    ),
  },
})

export function addCapturePayment(app: PaymentsApp): void {
  app.openapi(route, async (c) => {
    const idempotencyKey = c.req.valid('header')['idempotency-key']
    const request = { paymentId: c.req.valid('param').id, idempotencyKey, ...c.req.valid('json') }
    const { result, replayed: isReplayed } = await capturePayment(
      c.get('deps'),
      orderCredentials(c.get('caller'), {}),
      request,
    )
    if (!result.ok) return markReplayed(problem(c, result.failure), isReplayed)
    if (isReplayed) c.header(REPLAYED_HEADER, 'true')
    return c.json({ payment: toPaymentView(result.value) }, 200)
  })
}
