import type { RefundId } from '@shop/kernel/ids'
import { toStripeAmount } from '@shop/kernel/stripe-amount'
import type Stripe from 'stripe'
import type { Refund, RefundAnswer } from '../refunds/domain/refund.ts'
import { findRefund, refundAnswer, unlessFailed } from './answers.ts'
import { type ListWindow, listPage, listParams } from './list-window.ts'
import { readRefund } from './read-objects.ts'

/** More refunds than anybody makes of one payment by hand. */
const MAX_REFUNDS = 100

export type StripeRefunds = ReturnType<typeof stripeRefunds>

/** Refunds at Stripe; amounts in minor units. */
export const stripeRefunds = (stripe: Stripe) => ({
  /** Makes the refund with its own id as the key: asked again, Stripe gives the first answer. */
  async create(refund: Refund, intentId: string): Promise<RefundAnswer> {
    const amount = toStripeAmount({ minor: refund.amount, currency: refund.currency })
    if (!amount.ok) throw new Error(`Refund ${refund.id} is not an amount that Stripe can refund`)
    const params = { payment_intent: intentId, amount: amount.value, metadata: { refund_id: refund.id } }
    return refundAnswer(() => stripe.refunds.create(params, { idempotencyKey: refund.id }))
  },

  retrieve: (stripeRefundId: string): Promise<RefundAnswer> =>
    refundAnswer(() => stripe.refunds.retrieve(stripeRefundId)),

  /** Looks for a refund of this shop among those of the intent. */
  find: ({ intentId, refundId }: { intentId: string; refundId: RefundId }): Promise<RefundAnswer> =>
    findRefund(
      () => stripe.refunds.list({ payment_intent: intentId, limit: MAX_REFUNDS }),
      (refund) => refund.metadata?.refund_id === refundId,
    ),

  /** @returns undefined when Stripe did not answer */
  listOfIntent: (intentId: string) =>
    unlessFailed(async () => {
      const refunds = await stripe.refunds.list({ payment_intent: intentId, limit: MAX_REFUNDS })
      return listPage(refunds, readRefund).found
    }),

  /** @returns undefined when Stripe did not answer */
  list: (window: ListWindow) =>
    unlessFailed(async () => listPage(await stripe.refunds.list(listParams(window)), readRefund)),
})
