import type { DiscrepancyKind } from '@shop/contracts/payments/states'
import type { PaymentId } from '@shop/kernel/ids'
import { toMajor } from '@shop/kernel/money'
import type { Intent } from '../../payments/domain/outcome.ts'
import { type Payment, refundedByStripe } from '../../payments/domain/payment.ts'

/** A PaymentIntent in Stripe's list. `refunded` includes what is being refunded; amounts in minor units. */
export type ListedIntent = Intent & { refunded: number }

/** A listed intent that belongs to a payment of this shop. */
export type ShopIntent = ListedIntent & { paymentId: PaymentId }

/** A payment, and what its ledger entries say was captured and refunded, in minor units. */
export type BookedPayment = { payment: Payment; booked: { captured: number; refunded: number } }

export type IntentDifference = { kind: DiscrepancyKind; stripe: string; shop: string | null }

/** The differences between a PaymentIntent and its payment, after everything with one right answer has been applied. */
export function differencesOf(
  intent: Pick<ListedIntent, 'intentId' | 'amount' | 'currency' | 'capturedAmount' | 'refunded'>,
  { payment, booked }: Partial<BookedPayment>,
): IntentDifference[] {
  const say = (minor: number, currency = intent.currency) => `${toMajor(minor, currency)} ${currency}`
  if (payment === undefined || booked === undefined) {
    return intent.capturedAmount === 0
      ? []
      : [{ kind: 'payment_unknown', stripe: say(intent.capturedAmount), shop: null }]
  }
  const found: IntentDifference[] = []
  const compare = (kind: DiscrepancyKind, stripe: string, shop: string) => {
    if (stripe !== shop) found.push({ kind, stripe, shop })
  }
  const { reservedAmount, capturedAmount, currency } = payment
  const refundedAmount = refundedByStripe(payment)
  compare(
    'payment_differs',
    `${intent.intentId}, ${say(intent.amount)}`,
    `${payment.intentId}, ${say(payment.amount, currency)}`,
  )
  compare('captured_differs', say(intent.capturedAmount), say(capturedAmount, currency))
  const isRefunded = isPlausible(intent, { refundedAmount, reservedAmount })
  if (!isRefunded) compare('refunded_differs', say(intent.refunded), say(refundedAmount, currency))
  const inLedger = `${say(booked.captured)} captured, ${say(booked.refunded)} refunded`
  const recorded = `${say(capturedAmount)} captured, ${say(refundedAmount)} refunded`
  if (inLedger !== recorded) found.push({ kind: 'ledger_differs', stripe: recorded, shop: inLedger })
  return found
}

/**
 * A pending refund is reserved here, whether or not Stripe has received it yet. API versions before 2025-03-31 also count what a capture of
 * a part has released as refunded.
 */
function isPlausible(
  { amount, capturedAmount, refunded }: Pick<ListedIntent, 'amount' | 'capturedAmount' | 'refunded'>,
  { refundedAmount, reservedAmount }: Pick<Payment, 'refundedAmount' | 'reservedAmount'>,
): boolean {
  const released = capturedAmount === 0 ? 0 : amount - capturedAmount
  return [refunded, refunded - released].some(
    (money) => money >= refundedAmount && money <= refundedAmount + reservedAmount,
  )
}

/** The kinds of difference that {@link differencesOf} finds. */
export const COMPARED_KINDS = [
  'payment_unknown',
  'payment_differs',
  'captured_differs',
  'refunded_differs',
  'ledger_differs',
] as const satisfies DiscrepancyKind[]

/** Whether Stripe reports something about the payment that has not been recorded yet. */
export function isBehind(intent: ListedIntent, payment: Payment | undefined): boolean {
  if (payment === undefined) return false
  const isSame = payment.state === intent.state && payment.capturedAmount === intent.capturedAmount
  return !isSame || refundedByStripe(payment) !== intent.refunded
}

/** The result of a comparison. */
export type Comparison = { compared: number; applied: number; discrepancies: number }
