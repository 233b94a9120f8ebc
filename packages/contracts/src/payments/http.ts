import { z } from 'zod'
import { opaqueId } from '../ids.ts'
import { Amount, Currency } from '../money.ts'
import { ORDER_ID_EXAMPLE } from '../orders/http.ts'
import { Instant, text } from '../text.ts'
import { PAYMENT_STATES } from './model.ts'

export const StartPaymentBody = z
  .strictObject({
    order_id: opaqueId(ORDER_ID_EXAMPLE),
    payment_method: text(1, 200)
      .optional()
      .meta({
        description:
          'A Stripe payment method (`pm_…`) confirms the payment at once; without one the client confirms with Stripe. ' +
          'A kind such as `credit_card` says nothing and is accepted for older clients',
        example: 'pm_card_visa',
      }),
    payment_method_id: text(1, 200)
      .optional()
      .meta({ description: 'Older name for the `pm_…`', example: 'pm_card_visa' }),
    amount: Amount.optional().meta({ description: "If given, must be the order's total", example: 1299.99 }),
    currency: Currency.optional().meta({ description: "If given, must be the order's", example: 'USD' }),
  })
  .meta({ id: 'StartPaymentRequest' })

export const PaymentView = z
  .strictObject({
    id: opaqueId('pay_01jd4k2v9rf0fv8z3x1m5q7w2e'),
    order_id: opaqueId(ORDER_ID_EXAMPLE),
    amount: Amount,
    currency: z.string().meta({ example: 'USD' }),
    status: z.enum(PAYMENT_STATES).meta({ example: 'succeeded' }),
    client_secret: z
      .string()
      .nullable()
      .meta({ description: 'For Stripe.js on the client', example: 'pi_3Q_secret_4f' }),
    created_at: Instant,
  })
  .meta({ id: 'Payment' })
export type PaymentView = z.infer<typeof PaymentView>

export const PaymentResponse = z.strictObject({ payment: PaymentView }).meta({ id: 'PaymentResponse' })
export const PaymentsOfOrder = z
  .strictObject({ payment: PaymentView, payments: z.array(PaymentView) })
  .meta({ id: 'PaymentsOfOrder', description: '`payment` is the newest' })
export const WebhookReceipt = z.strictObject({ received: z.literal(true) }).meta({ id: 'WebhookReceipt' })
