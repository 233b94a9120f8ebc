import { describeLimits, LIMITS } from '@shop/contracts/limits'
import { ORDER_ID_EXAMPLE, orderCredentials, TokenHeader } from '@shop/contracts/orders/access'
import { ownerOr } from '@shop/http/access'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { KeyHeader, markReplayed, REPLAYED_HEADER } from '@shop/kernel/idempotency'
import { opaqueId } from '@shop/kernel/ids'
import { Amount, Currency } from '@shop/kernel/money'
import { z } from 'zod'
import type { PaymentsApp } from '../../deps.ts'
import { MAX_DECLINES, METHOD_KINDS } from '../domain/payment.ts'
import { startPayment } from '../start-payment.ts'
import { PaymentResponse, toPaymentView } from './payment-view.ts'

const StartPaymentBody = z
  .strictObject({
    order_id: opaqueId(ORDER_ID_EXAMPLE),
    // The operation checks both texts: a refused one may be a card number, which no problem may repeat.
    payment_method: z
      .string()
      .optional()
      .meta({
        description:
          'A Stripe payment method (`pm_…`) confirms the payment at once; without one the client confirms with Stripe. ' +
          `A kind (${METHOD_KINDS.map((kind) => `\`${kind}\``).join(', ')}) is accepted from older clients and has no ` +
          'effect. Anything else is `invalid_payment_method`: never send a card number or a token',
        example: 'pm_card_visa',
      }),
    payment_method_id: z
      .string()
      .optional()
      .meta({ description: 'Older name for the `pm_…`', example: 'pm_card_visa' }),
    save_payment_method: z
      .boolean()
      .optional()
      .meta({ description: 'Saves the card for later payments once it has paid; needs an account', example: false }),
    amount: Amount.optional().meta({ description: 'If given, must be `amount_due` of the order', example: 1299.99 }),
    currency: Currency.optional().meta({ description: "If given, must be the order's", example: 'USD' }),
  })
  .meta({ id: 'StartPaymentRequest', example: { order_id: ORDER_ID_EXAMPLE, payment_method: 'pm_card_visa' } })

const route = createRoute({
  method: 'post',
  path: '/api/payments',
  operationId: 'startPayment',
  tags: ['Payments'],
  summary: 'Pay an order',
  description:
    'Charges `amount_due` of the order and nothing else. With a `pm_…` method it is confirmed at once; without one the client ' +
    'confirms `client_secret` with Stripe. What is due has one payment: after a decline the next call continues it, and what an ' +
    'edit adds later is another payment. ' +
    'With an `Idempotency-Key` a repeated request gets the first answer, also a decline, and ' +
    '`Idempotency-Replayed: true`. A guest pays with the `X-Order-Token` of their order. ' +
    `${describeLimits(LIMITS.payment, LIMITS.paymentOrder, LIMITS.paymentAddress)} After ${MAX_DECLINES} declines of an ` +
    'order its payments pause, a minute at first and twice as long after each further decline.',
  access: ownerOr(['payments:write'], 'order_token'),
  request: { headers: z.object({ ...KeyHeader, ...TokenHeader }), body: jsonBody(StartPaymentBody) },
  responses: {
    201: json('The payment of the order', PaymentResponse),
    ...problems(
      ...BODY_PROBLEMS,
      'forbidden',
      'order_not_found',
      'order_already_paid',
      'order_not_payable',
      'payment_not_found',
      'payment_in_progress',
      'payment_declined',
      'payment_attempts_exhausted',
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
    const { result, replayed: isReplayed } = await startPayment(
      c.get('deps'),
      orderCredentials(c.get('caller'), headers),
      {
        orderId: body.order_id,
        paymentMethod: body.payment_method,
        paymentMethodId: body.payment_method_id,
        amount: body.amount,
        currency: body.currency,
        savePaymentMethod: body.save_payment_method,
        idempotencyKey: headers['idempotency-key'],
      },
    )
    if (!result.ok) return markReplayed(problem(c, result.failure), isReplayed)
    if (isReplayed) c.header(REPLAYED_HEADER, 'true')
    return c.json({ payment: toPaymentView(result.value) }, 201)
  })
}
