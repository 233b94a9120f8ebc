import type Stripe from 'stripe'
import { found, type Work } from '../api/endpoint.ts'
import { invalidRequest, noSuch } from '../api/errors.ts'
import { newId } from '../store/ids.ts'
import type { Charge, Dispute } from '../store/objects.ts'
import { EVIDENCE_FIELDS } from './evidence.ts'

const ANSWER_WITHIN_SECONDS = 7 * 24 * 60 * 60

export interface DisputeSpec {
  /** Default: the amount that is not refunded. */
  amount?: number | undefined
  /** Default `fraudulent`; https://docs.stripe.com/disputes/categories */
  reason?: string | undefined
  /** An inquiry: the bank asks but withdraws no money. */
  isInquiry?: boolean | undefined
}

/**
 * Opens a dispute, which withdraws the money, or an inquiry, which does not.
 *
 * @throws ApiError 400 when the charge is not captured or the amount exceeds what remains
 */
export function openDispute(work: Work, charge: Charge, spec: DisputeSpec): Dispute {
  const remaining = disputable(work, charge)
  const amount = spec.amount ?? remaining
  if (!(amount >= 1 && amount <= remaining)) {
    throw invalidRequest(`Charge ${charge.id} cannot be disputed for ${amount}: ${remaining} of it remains.`)
  }
  const dispute = newDispute(work, charge, { ...spec, amount })
  work.store.insert('dispute', dispute)
  const disputed: Charge = { ...charge, disputed: true }
  work.store.update('charge', disputed)
  if (!charge.disputed) work.emit('charge.updated', disputed, { disputed: false })
  work.emit('charge.dispute.created', dispute)
  if (!spec.isInquiry) work.emit('charge.dispute.funds_withdrawn', dispute)
  return dispute
}

/** The amount of the charge that is neither refunded nor withdrawn by an earlier dispute. */
function disputable(work: Work, charge: Charge): number {
  if (charge.status !== 'succeeded' || !charge.captured) return 0
  const earlier = work.store.page('dispute', { where: { charge: charge.id }, limit: 100 })
  const moved = earlier.flatMap((dispute) => dispute.balance_transactions).reduce((sum, { amount }) => sum + amount, 0)
  return charge.amount - charge.amount_refunded + moved
}

function newDispute(work: Work, charge: Charge, { amount, reason, isInquiry }: DisputeSpec & { amount: number }) {
  const id = newId('du')
  const brand = charge.payment_method_details?.card?.brand ?? 'visa'
  const dispute: Dispute = {
    id,
    object: 'dispute',
    amount,
    balance_transactions: [],
    charge: charge.id,
    created: work.now,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: { ...NO_EVIDENCE, enhanced_evidence: {} },
    evidence_details: {
      due_by: work.now + ANSWER_WITHIN_SECONDS,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: isInquiry ?? false,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    payment_method_details: {
      type: 'card',
      card: { brand, case_type: isInquiry ? 'inquiry' : 'chargeback', network: brand, network_reason_code: '10.4' },
    },
    reason: reason ?? 'fraudulent',
    status: isInquiry ? 'warning_needs_response' : 'needs_response',
  }
  if (!isInquiry) dispute.balance_transactions.push(movement(work, dispute, -amount))
  return dispute
}

/** Stripe's type requires every evidence field by name. */
const NO_EVIDENCE = Object.fromEntries(EVIDENCE_FIELDS.map((field) => [field, null])) as Record<
  (typeof EVIDENCE_FIELDS)[number],
  null
>

/** @throws ApiError 400 when the dispute is already closed */
export function closeDispute(work: Work, dispute: Dispute, outcome: 'won' | 'lost'): Dispute {
  checkOpen(dispute)
  const isInquiry = dispute.status.startsWith('warning')
  const returned = outcome === 'won' && !isInquiry
  const closed: Dispute = {
    ...dispute,
    status: isInquiry && outcome === 'won' ? 'warning_closed' : outcome,
    is_charge_refundable: outcome === 'won',
    ...(returned && {
      balance_transactions: [...dispute.balance_transactions, movement(work, dispute, dispute.amount)],
    }),
  }
  work.store.update('dispute', closed)
  work.emit('charge.dispute.updated', closed, { status: dispute.status })
  work.emit('charge.dispute.closed', closed)
  if (returned) work.emit('charge.dispute.funds_reinstated', closed)
  return closed
}

export function checkOpen(dispute: Dispute): void {
  if (!['won', 'lost', 'warning_closed'].includes(dispute.status)) return
  throw invalidRequest('This dispute is already closed')
}

export function loadDispute(work: Work, id: string): Dispute {
  return found(work.store.find('dispute', id), noSuch('dispute', id, 'dispute'))
}

/** The balance transaction of a dispute. There is no dispute fee. */
function movement(work: Work, { id, currency }: Dispute, amount: number): Stripe.BalanceTransaction {
  const reverses = amount > 0
  return {
    id: newId('txn'),
    object: 'balance_transaction',
    amount,
    available_on: work.now,
    balance_type: 'payments',
    created: work.now,
    currency,
    description: reverses ? `Chargeback reversal for ${id}` : `Chargeback withdrawal for ${id}`,
    exchange_rate: null,
    fee: 0,
    fee_details: [],
    net: amount,
    reporting_category: reverses ? 'dispute_reversal' : 'dispute',
    source: id,
    status: 'available',
    type: 'adjustment',
  }
}
