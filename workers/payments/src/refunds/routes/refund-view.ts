import { REFUND_DESTINATIONS, REFUND_STATES } from '@shop/contracts/payments/states'
import { opaqueId } from '@shop/kernel/ids'
import { Amount, toMajor } from '@shop/kernel/money'
import { Instant } from '@shop/kernel/text'
import { z } from 'zod'
import { PAYMENT_ID_EXAMPLE } from '../../payments/routes/payment-view.ts'
import type { Refund } from '../domain/refund.ts'

export const REFUND_ID_EXAMPLE = 'refund_01jd4k2v9rf0fv8z3x1m5q7w2e'

export const RefundView = z
  .strictObject({
    id: opaqueId(REFUND_ID_EXAMPLE),
    payment_id: opaqueId(PAYMENT_ID_EXAMPLE),
    amount: Amount,
    currency: z.string().meta({ example: 'USD' }),
    destination: z.enum(REFUND_DESTINATIONS).meta({
      description:
        '`card`: by Stripe. `gift_cards`: to the gift cards that paid. `store_credit`: a new gift card. `given`: already credited to a ' +
        'gift card, by an exchange or a cancellation',
      example: 'card',
    }),
    status: z.enum(REFUND_STATES).meta({
      description: '`pending`: in progress, with its amount reserved. `failed`: nothing was refunded',
      example: 'succeeded',
    }),
    failure: z.string().nullable().meta({
      description:
        "Stripe's code for why it failed. `charge_disputed`: the customer's bank holds the money while it decides about a dispute",
      example: null,
    }),
    reason: z.string().meta({ example: 'One cup was broken' }),
    created_at: Instant,
  })
  .meta({ id: 'Refund' })

export function toRefundView(refund: Refund): z.infer<typeof RefundView> {
  return {
    id: refund.id,
    payment_id: refund.paymentId,
    amount: toMajor(refund.amount, refund.currency),
    currency: refund.currency,
    destination: refund.destination,
    status: refund.state,
    failure: refund.state === 'failed' ? refund.failure : null,
    reason: refund.reason,
    created_at: refund.createdAt.toISOString(),
  }
}
