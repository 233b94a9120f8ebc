import { describeLimits, LIMITS, PaymentResponse, StartPaymentBody } from '@shop/contracts'
import { BEARER, BODY_PROBLEMS, createRoute, json, jsonBody, problem, problems } from '@shop/http'
import { startPayment } from '../operations/start-payment.ts'
import { toPaymentView } from '../view.ts'
import type { PaymentsApp } from './payments-app.ts'

const route = createRoute({
  method: 'post',
  path: '/api/payments',
  operationId: 'startPayment',
  tags: ['Payments'],
  summary: 'Pay an order',
  description:
    "Charges the order's total and nothing else. With a `pm_…` method it is confirmed at once; without one the client " +
    'confirms `client_secret` with Stripe. An order has one payment: after a decline the next call continues it. ' +
    describeLimits(LIMITS.payment),
  security: BEARER,
  request: { body: jsonBody(StartPaymentBody) },
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
      'invalid_signature',
      'payment_provider_unavailable',
    ),
  },
})

export function addStartPayment(app: PaymentsApp): void {
  app.openapi(route, async (c) => {
    const body = c.req.valid('json')
    const started = await startPayment(c.get('deps'), c.get('caller'), {
      orderId: body.order_id,
      paymentMethod: body.payment_method,
      paymentMethodId: body.payment_method_id,
      amount: body.amount,
      currency: body.currency,
    })
    return started.ok ? c.json({ payment: toPaymentView(started.value) }, 201) : problem(c, started.failure)
  })
}
