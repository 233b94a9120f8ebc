import { ORDER_ID_EXAMPLE } from '@shop/contracts/orders/access'
import { CAPTURE_METHODS, PAYMENT_METHODS, PAYMENT_STATES } from '@shop/contracts/payments/states'
import { opaqueId } from '@shop/kernel/ids'
import { Amount, toMajor } from '@shop/kernel/money'
import { Instant } from '@shop/kernel/text'
import { z } from 'zod'
import type { Payment } from '../domain/payment.ts'

export const PAYMENT_ID_EXAMPLE = 'pay_01jd4k2v9rf0fv8z3x1m5q7w2e'

/** An amount to capture or refund. */
export const PositiveAmount = Amount.refine((amount) => amount > 0, 'must be above 0')

export const PaymentView = z
  .strictObject({
    id: opaqueId(PAYMENT_ID_EXAMPLE),
    order_id: opaqueId(ORDER_ID_EXAMPLE),
    amount: Amount,
    currency: z.string().meta({ example: 'USD' }),
    method: z.enum(PAYMENT_METHODS).meta({
      description: '`gift_card`: paid by gift cards, and refunded to them',
      example: 'card',
    }),
    status: z.enum(PAYMENT_STATES).meta({ example: 'succeeded' }),
    capture_method: z.enum(CAPTURE_METHODS).meta({
      description:
        '`manual` and `per_shipment`: authorized when the customer pays (`requires_capture`). The first shipment captures all, or each ' +
        'shipment what it is worth',
      example: 'automatic',
    }),
    captured_amount: Amount.meta({ description: 'What was captured, in major units', example: 1299.99 }),
    refunded_amount: Amount.meta({ description: 'What of it was refunded, in major units', example: 0 }),
    client_secret: z
      .string()
      .nullable()
      .meta({ description: 'For Stripe.js on the client', example: 'pi_3Q_secret_4f' }),
    created_at: Instant,
  })
  .meta({ id: 'Payment' })

export const PaymentResponse = z.strictObject({ payment: PaymentView }).meta({ id: 'PaymentResponse' })

export function toPaymentView(payment: Payment): z.infer<typeof PaymentView> {
  return {
    id: payment.id,
    order_id: payment.orderId,
    amount: toMajor(payment.amount, payment.currency),
    currency: payment.currency,
    method: payment.method,
    status: payment.state,
    capture_method: payment.captureMethod,
    captured_amount: toMajor(payment.capturedAmount, payment.currency),
    refunded_amount: toMajor(payment.refundedAmount, payment.currency),
    client_secret: payment.clientSecret,
    created_at: payment.createdAt.toISOString(),
  }
}
