import type Stripe from 'stripe'
import type { Work } from '../api/endpoint.ts'
import { newId, token } from '../store/ids.ts'
import type { Charge, Refund } from '../store/objects.ts'

export interface RefundSpec {
  amount: number
  reason: Stripe.Refund.Reason | null
  metadata: Stripe.Metadata
}

/** A new refund, not yet stored. */
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

/** Adds the card network's reference number, which arrives shortly after the refund. */
export function withReference(refund: Refund, charge: Charge): Refund {
  const destination_details = destination(charge, { reference: token(17), reference_status: 'available' })
  return { ...refund, destination_details }
}

/** Adds `amount` to the charge's refunded amount (subtracts when negative) and stores it. */
export function refundOnCharge(work: Work, charge: Charge, amount: number): Charge {
  const amount_refunded = charge.amount_refunded + amount
  const changed = { ...charge, amount_refunded, refunded: amount_refunded === charge.amount }
  work.store.update('charge', changed)
  return changed
}

/** The `previous_attributes` of a change to the refunded amount. */
export function previousRefunded(before: Charge, after: Charge): object {
  return {
    amount_refunded: before.amount_refunded,
    ...(before.refunded !== after.refunded && { refunded: before.refunded }),
  }
}

/**
 * Releases `amount` of an authorization: the rest after a partial capture, or all of it when it was canceled or
 * expired. As at Stripe, this is a refund without a balance transaction, because no money was captured.
 */
export function releaseAuthorization(work: Work, charge: Charge, amount: number): Charge {
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
