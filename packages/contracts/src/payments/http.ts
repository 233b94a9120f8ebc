import { Amount, Currency, CursorParam, Instant, LimitParam, NextCursor, opaqueId, text } from '@shop/kernel'
import { z } from 'zod'
import { ORDER_ID_EXAMPLE } from '../orders/access.ts'
import { LEDGER_ACCOUNTS } from './ledger.ts'
import { CAPTURE_METHODS, PAYMENT_STATES, REFUND_STATES } from './model.ts'

export const PAYMENT_ID_EXAMPLE = 'pay_01jd4k2v9rf0fv8z3x1m5q7w2e'
const REFUND_ID_EXAMPLE = 'refund_01jd4k2v9rf0fv8z3x1m5q7w2e'

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
    save_payment_method: z
      .boolean()
      .optional()
      .meta({ description: 'Keeps the card for later payments, once it has paid; needs an account', example: false }),
    amount: Amount.optional().meta({ description: "If given, must be the order's total", example: 1299.99 }),
    currency: Currency.optional().meta({ description: "If given, must be the order's", example: 'USD' }),
  })
  .meta({ id: 'StartPaymentRequest', example: { order_id: ORDER_ID_EXAMPLE, payment_method: 'pm_card_visa' } })

export const PaymentView = z
  .strictObject({
    id: opaqueId(PAYMENT_ID_EXAMPLE),
    order_id: opaqueId(ORDER_ID_EXAMPLE),
    amount: Amount,
    currency: z.string().meta({ example: 'USD' }),
    status: z.enum(PAYMENT_STATES).meta({ example: 'succeeded' }),
    capture_method: z.enum(CAPTURE_METHODS).meta({
      description: '`manual`: reserved when it is paid (`requires_capture`), taken when the order ships',
      example: 'automatic',
    }),
    captured_amount: Amount.meta({ description: 'What was taken, in major units', example: 1299.99 }),
    refunded_amount: Amount.meta({ description: 'What of it was given back, in major units', example: 0 }),
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

const PositiveAmount = Amount.refine((amount) => amount > 0, 'must be above 0')

export const RefundPaymentBody = z
  .strictObject({
    amount: PositiveAmount.optional().meta({
      description: 'In major units; left out, all that is left',
      example: 9.99,
    }),
    reason: text(1, 500).optional().meta({ description: 'The customer can read it', example: 'One cup was broken' }),
  })
  .meta({ id: 'RefundPaymentRequest' })

export const RefundView = z
  .strictObject({
    id: opaqueId(REFUND_ID_EXAMPLE),
    payment_id: opaqueId(PAYMENT_ID_EXAMPLE),
    amount: Amount,
    currency: z.string().meta({ example: 'USD' }),
    status: z.enum(REFUND_STATES).meta({
      description: '`pending`: on its way, and taken from what can be given back. `failed`: the money is still here',
      example: 'succeeded',
    }),
    reason: z.string().meta({ example: 'One cup was broken' }),
    created_at: Instant,
  })
  .meta({ id: 'Refund' })
export type RefundView = z.infer<typeof RefundView>

export const RefundResponse = z.strictObject({ refund: RefundView }).meta({ id: 'RefundResponse' })
export const RefundsOfPayment = z
  .strictObject({ refunds: z.array(RefundView).meta({ description: 'Oldest first' }) })
  .meta({ id: 'RefundsOfPayment' })

export const CapturePaymentBody = z
  .strictObject({
    amount: PositiveAmount.optional().meta({
      description: 'In major units; left out, all of it. A part lets the rest go: it can be captured once',
      example: 9.99,
    }),
  })
  .meta({ id: 'CapturePaymentRequest' })

export const LedgerQuery = z.object({
  payment_id: opaqueId(PAYMENT_ID_EXAMPLE).optional(),
  limit: LimitParam,
  cursor: CursorParam,
})

export const LedgerEntryView = z
  .strictObject({
    id: z.int().meta({ example: 4711 }),
    at: Instant,
    debit: z.enum(LEDGER_ACCOUNTS).meta({ description: 'The account it goes to', example: 'stripe' }),
    credit: z.enum(LEDGER_ACCOUNTS).meta({ description: 'The account it comes from', example: 'sales' }),
    amount: Amount.meta({ description: 'In major units, above 0', example: 1299.99 }),
    currency: z.string().meta({ example: 'USD' }),
    payment_id: opaqueId(PAYMENT_ID_EXAMPLE),
    refund_id: opaqueId(REFUND_ID_EXAMPLE).nullable(),
    dispute_id: z.string().nullable().meta({ example: null }),
    key: z.string().meta({ description: 'Names the change it records', example: `captured:${PAYMENT_ID_EXAMPLE}` }),
  })
  .meta({ id: 'LedgerEntry' })
export type LedgerEntryView = z.infer<typeof LedgerEntryView>

export const LedgerPageView = z
  .strictObject({ entries: z.array(LedgerEntryView), next_cursor: NextCursor })
  .meta({ id: 'LedgerPage', description: 'Newest first' })
