import type Stripe from 'stripe'
import type { Work } from '../endpoint.ts'
import { newId, token } from '../ids.ts'
import type { Charge, Refund } from '../objects.ts'

export interface RefundSpec {
  amount: number
  reason: Stripe.Refund.Reason | null
  metadata: Stripe.Metadata
}

/** Not yet stored. */
export function newRefund(work: Work, charge: Charge, spec: RefundSpec): Refund {
  return {
    id: newId('re'),
    object: 'refund',
    amount: spec.amount,
    balance_transaction: newId('txn'),
    charge: charge.id,
    created: work.now,
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: destination(charge, { reference_status: 'pending' }),
    metadata: spec.metadata,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: spec.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded',
    transfer_reversal: null,
  }
}

/** The card network's reference number, which comes a moment after the refund. */
export function withReference(refund: Refund, charge: Charge): Refund {
  const destination_details = destination(charge, { reference: token(17), reference_status: 'available' })
  return { ...refund, destination_details }
}

/** The charge after `amount` more (or less, where it is negative) of it has gone back; stored. */
export function refundOnCharge(work: Work, charge: Charge, amount: number): Charge {
  const amount_refunded = charge.amount_refunded + amount
  const changed = { ...charge, amount_refunded, refunded: amount_refunded === charge.amount }
  work.store.update('charge', changed)
  return changed
}

/** What of the charge is unlike it was `before`, for the event that tells of it. */
export function previousRefunded(before: Charge, after: Charge): object {
  return {
    amount_refunded: before.amount_refunded,
    ...(before.refunded !== after.refunded && { refunded: before.refunded }),
  }
}

/**
 * Lets go of `amount` that a card network was holding: the rest of a partial capture, or all of an authorization that was
 * canceled or has expired. Stripe books it as a refund; nothing was taken, so no balance transaction comes of it.
 */
export function releaseHold(work: Work, charge: Charge, amount: number): Charge {
  const refund = newRefund(work, charge, { amount, reason: null, metadata: {} })
  work.store.insert('refund', { ...refund, balance_transaction: null })
  return refundOnCharge(work, charge, amount)
}

function destination(charge: Charge, reference: { reference?: string; reference_status: string }) {
  if (charge.payment_method_details?.type !== 'card') return { type: charge.payment_method_details?.type ?? 'card' }
  return {
    type: 'card',
    card: { type: 'refund' as const, reference_type: 'acquirer_reference_number', ...reference },
  }
}
