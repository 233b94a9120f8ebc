import { describeLimits, LIMITS, PaymentResponse, StartPaymentBody } from '@shop/contracts'
import { BEARER_OR_ORDER_TOKEN, BODY_PROBLEMS, createRoute, json, jsonBody, problem, problems } from '@shop/http'
import { z } from 'zod'
import { startPayment } from '../operations/start-payment.ts'
import { toPaymentView } from '../view.ts'
import { accessOf, KeyHeader, type PaymentsApp, REPLAYED_HEADER, replayed, TokenHeader } from './payments-app.ts'

const route = createRoute({
  method: 'post',
  path: '/api/payments',
  operationId: 'startPayment',
  tags: ['Payments'],
  summary: 'Pay an order',
  description:
    "Charges the order's total and nothing else. With a `pm_…` method it is confirmed at once; without one the client " +
    'confirms `client_secret` with Stripe. An order has one payment: after a decline the next call continues it. ' +
    'With an `Idempotency-Key` a repeated request gets the first answer, also where that was a decline, and ' +
    '`Idempotency-Replayed: true`. A guest pays with the `X-Order-Token` of his order. ' +
    describeLimits(LIMITS.payment),
  security: BEARER_OR_ORDER_TOKEN,
  request: { headers: z.object({ ...KeyHeader, ...TokenHeader }), body: jsonBody(StartPaymentBody) },
  responses: {
    201: json('The payment of the order', PaymentResponse),
    ...problems(
      ...BODY_PROBLEMS,
      'authentication_required',
      'forbidden',
      'order_not_found',
      'order_already_paid',
      'order_not_payable',
      'payment_not_found',
      'payment_in_progress',
      'payment_declined',
      'invalid_payment_method',
      'amount_mismatch',
      'amount_too_small',
      'amount_not_chargeable',
      'payment_provider_unavailable',
      'idempotency_key_reused',
      'idempotency_in_flight',
    ),
  },
})

export function addStartPayment(app: PaymentsApp): void {
  app.openapi(route, async (c) => {
    const body = c.req.valid('json')
    const headers = c.req.valid('header')
    const { result, replayed: isReplayed } = await startPayment(c.get('deps'), accessOf(c.get('caller'), headers), {
      orderId: body.order_id,
      paymentMethod: body.payment_method,
      paymentMethodId: body.payment_method_id,
      amount: body.amount,
      currency: body.currency,
      savePaymentMethod: body.save_payment_method,
      idempotencyKey: headers['idempotency-key'],
    })
    if (!result.ok) return replayed(problem(c, result.failure), isReplayed)
    if (isReplayed) c.header(REPLAYED_HEADER, 'true')
    return c.json({ payment: toPaymentView(result.value) }, 201)
  })
}
