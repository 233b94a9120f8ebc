import type { EventFlag } from '@shop/contracts'
import { type PaymentId, toMajor, Unavailable } from '@shop/kernel'
import type { ChargeReport } from '../ports/webhook-event.ts'
import type { PaymentsDeps, RefundReport } from '../ports.ts'
import { settleRefund } from './settle-refund.ts'

/** What came of something that Stripe has told of itself. */
export type Taken = { outcome: 'applied' | 'ignored' | 'flagged'; flag: EventFlag | null }

const APPLIED: Taken = { outcome: 'applied', flag: null }
const IGNORED: Taken = { outcome: 'ignored', flag: null }
const flagged = (flag: EventFlag): Taken => ({ outcome: 'flagged', flag })

/**
 * Takes what Stripe says of a refund, whoever made it. One that was made at Stripe itself, in its dashboard, becomes one
 * of ours: the money is gone, and the order has to know.
 */
export async function takeRefund(deps: PaymentsDeps, report: RefundReport): Promise<Taken> {
  const settled = await settleRefund(deps, report)
  if (settled === undefined) return takeUnbooked(deps, report)
  const { refund } = settled
  if (refund.currency !== report.currency) return flagged('another_currency')
  if (refund.amount !== report.amount) return flagged('another_amount')
  return APPLIED
}

async function takeUnbooked(deps: PaymentsDeps, report: RefundReport): Promise<Taken> {
  const payment = report.intentId === null ? undefined : await deps.store.findByIntent(report.intentId)
  if (payment === undefined) return IGNORED
  if (payment.currency !== report.currency) return flagged('another_currency')
  // One that failed moved nothing.
  if (report.state !== 'failed') await noteUnbooked(deps, report, payment.id)
  return IGNORED
}

async function noteUnbooked(deps: PaymentsDeps, report: RefundReport, paymentId: PaymentId): Promise<void> {
  const kind = 'refund_not_booked'
  const { stripeRefundId: subject, amount, currency, state } = report
  const stripe = `${toMajor(amount, currency)} ${currency}, ${state}`
  await deps.records.noteDiscrepancy({ kind, subject, paymentId, stripe, shop: null, foundAt: deps.now() })
  deps.warn('discrepancy_found', { kind, subject, paymentId })
}

/** A charge of which another part has been given back than is kept here: its refunds are looked at. */
export async function takeCharge(deps: PaymentsDeps, charge: ChargeReport): Promise<Taken> {
  const payment = await deps.store.findByIntent(charge.intentId)
  if (payment === undefined) return IGNORED
  if (payment.currency !== charge.currency) return flagged('another_currency')
  if (payment.refundedAmount === charge.refunded) return APPLIED
  const refunds = await deps.books.refundsOf(charge.intentId)
  // Stripe sends the event again.
  if (refunds === undefined) throw new Unavailable('stripe')
  for (const refund of refunds) await takeRefund(deps, refund)
  return APPLIED
}
