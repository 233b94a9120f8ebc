import { opaqueId } from '@shop/kernel/ids'
import { Amount, toMajor } from '@shop/kernel/money'
import { Instant } from '@shop/kernel/text'
import { z } from 'zod'
import { PAYMENT_ID_EXAMPLE } from '../../payments/routes/payment-view.ts'
import type { Dispute } from '../domain/dispute.ts'

export const DisputeView = z
  .strictObject({
    id: z.string().meta({ description: "Stripe's id", example: 'du_1MtJUT2eZvKYlo2CNaw2HvEv' }),
    payment_id: opaqueId(PAYMENT_ID_EXAMPLE),
    amount: Amount,
    currency: z.string().meta({ example: 'USD' }),
    reason: z.string().meta({ example: 'fraudulent' }),
    status: z.string().meta({
      description: 'As Stripe has it; `warning_…` while the bank only inquires',
      example: 'needs_response',
    }),
    evidence_due_at: Instant.nullable(),
    created_at: Instant,
    closed_at: Instant.nullable(),
  })
  .meta({ id: 'Dispute' })

export function toDisputeView(dispute: Dispute): z.infer<typeof DisputeView> {
  return {
    id: dispute.id,
    payment_id: dispute.paymentId,
    amount: toMajor(dispute.amount, dispute.currency),
    currency: dispute.currency,
    reason: dispute.reason,
    status: dispute.status,
    evidence_due_at: dispute.evidenceDueAt?.toISOString() ?? null,
    created_at: dispute.createdAt.toISOString(),
    closed_at: dispute.closedAt?.toISOString() ?? null,
  }
}
