import { Amount, CursorParam, Instant, LimitParam, MAX_LIMIT, NextCursor, opaqueId } from '@shop/kernel'
import { z } from 'zod'
import { PAYMENT_ID_EXAMPLE, PaymentView } from './http.ts'
import { DISCREPANCIES, EVENT_FLAGS } from './stripe-records.ts'

const paymentId = opaqueId(PAYMENT_ID_EXAMPLE)

export const PageQuery = z.object({ limit: LimitParam, cursor: CursorParam })

export const ListStripeEventsQuery = PageQuery.extend({
  flagged: z.literal('true').meta({ description: 'Events are listed only if they were flagged', example: 'true' }),
})

export const StripeEventView = z
  .strictObject({
    id: z.string().meta({ description: 'Of Stripe', example: 'evt_1PgafmB7WZ01zgkW6dKueIc5' }),
    type: z.string().meta({ example: 'payment_intent.succeeded' }),
    flag: z.enum(EVENT_FLAGS).meta({
      description: 'What of it contradicts what the shop knows; it has changed nothing',
      example: 'another_amount',
    }),
    payment_intent: z.string().nullable().meta({ example: 'pi_3MtwBwLkdIwHu7ix28a3tqPa' }),
    created_at: Instant,
    received_at: Instant,
  })
  .meta({ id: 'StripeEvent' })
export type StripeEventView = z.infer<typeof StripeEventView>
export const StripeEventPage = z
  .strictObject({ events: z.array(StripeEventView), next_cursor: NextCursor })
  .meta({ id: 'StripeEventPage' })

export const DisputeView = z
  .strictObject({
    id: z.string().meta({ description: 'Of Stripe', example: 'du_1MtJUT2eZvKYlo2CNaw2HvEv' }),
    payment_id: paymentId,
    amount: Amount,
    currency: z.string().meta({ example: 'USD' }),
    reason: z.string().meta({ example: 'fraudulent' }),
    status: z.string().meta({
      description: 'As Stripe has it; `warning_…` while the bank only asks',
      example: 'needs_response',
    }),
    evidence_due_at: Instant.nullable(),
    created_at: Instant,
    closed_at: Instant.nullable(),
  })
  .meta({ id: 'Dispute' })
export type DisputeView = z.infer<typeof DisputeView>
export const PaymentDetailsResponse = z
  .strictObject({
    payment: PaymentView.extend({
      disputes: z.array(DisputeView).optional().meta({ description: 'Staff only: newest first' }),
    }).meta({ id: 'PaymentDetails' }),
  })
  .meta({ id: 'PaymentDetailsResponse' })
export const DisputePage = z
  .strictObject({ disputes: z.array(DisputeView), next_cursor: NextCursor })
  .meta({ id: 'DisputePage' })

const side = z.string().nullable()
export const DiscrepancyView = z
  .strictObject({
    id: z.int().meta({ example: 12 }),
    kind: z.enum(DISCREPANCIES).meta({ example: 'captured_differs' }),
    subject: z.string().meta({ description: 'What of Stripe it is about', example: 'pi_3MtwBwLkdIwHu7ix28a3tqPa' }),
    payment_id: paymentId.nullable(),
    stripe: side.meta({ description: 'What Stripe says', example: '25 USD' }),
    shop: side.meta({ description: 'What the shop says', example: '20 USD' }),
    found_at: Instant,
  })
  .meta({ id: 'Discrepancy' })
export type DiscrepancyView = z.infer<typeof DiscrepancyView>
export const DiscrepancyPage = z
  .strictObject({ discrepancies: z.array(DiscrepancyView), next_cursor: NextCursor })
  .meta({ id: 'DiscrepancyPage' })

const count = (description: string) => z.int().min(0).meta({ description, example: 0 })
export const ReconcilePaymentsBody = z
  .strictObject({
    limit: z
      .int()
      .min(1)
      .max(MAX_LIMIT)
      .optional()
      .meta({ description: `PaymentIntents, and refunds, to compare at most; ${MAX_LIMIT} if left out`, example: 100 }),
  })
  .meta({ id: 'ReconcilePaymentsRequest' })

export const ReconciliationView = z
  .strictObject({
    compared: count('Objects of this shop at Stripe that this step has compared'),
    applied: count('Differences with one right answer, which were applied'),
    discrepancies: count('Differences that a person has to see to'),
    finished: z.boolean().meta({ description: 'Whether everything in reach has now been compared', example: true }),
  })
  .meta({ id: 'Reconciliation' })
export type ReconciliationView = z.infer<typeof ReconciliationView>
export const ReconciliationResponse = z
  .strictObject({ reconciliation: ReconciliationView })
  .meta({ id: 'ReconciliationResponse' })

export const SavedMethodView = z
  .strictObject({
    id: z.string().meta({ description: 'To pay with', example: 'pm_1Q0PsIJvEtkwdCNYMSaVuRz6' }),
    brand: z.string().meta({ example: 'visa' }),
    last4: z.string().meta({ example: '4242' }),
    exp_month: z.int().meta({ example: 12 }),
    exp_year: z.int().meta({ example: 2030 }),
  })
  .meta({ id: 'SavedPaymentMethod' })
export type SavedMethodView = z.infer<typeof SavedMethodView>
export const SavedMethodsResponse = z
  .strictObject({ payment_methods: z.array(SavedMethodView) })
  .meta({ id: 'SavedPaymentMethods' })
