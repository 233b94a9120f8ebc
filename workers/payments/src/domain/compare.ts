import type { DiscrepancyKind, Payment } from '@shop/contracts'
import { toMajor } from '@shop/kernel'

/** What Stripe says of a payment; amounts in minor units, `refunded` with what is on its way back. */
export type AtStripe = {
  intentId: string
  state: string
  amount: number
  currency: Payment['currency']
  capturedAmount: number
  refunded: number
}

export type Difference = { kind: DiscrepancyKind; stripe: string; shop: string | null }

/** What a payment differs in from what Stripe says, once all that has one right answer has been applied. */
export function differencesOf(
  stripe: AtStripe,
  payment: Payment | undefined,
  booked: { captured: number; refunded: number },
): Difference[] {
  const say = (minor: number, currency = stripe.currency) => `${toMajor(minor, currency)} ${currency}`
  if (payment === undefined) {
    return stripe.capturedAmount === 0
      ? []
      : [{ kind: 'payment_unknown', stripe: say(stripe.capturedAmount), shop: null }]
  }
  const found: Difference[] = []
  const differ = (kind: DiscrepancyKind, ofStripe: string, ofShop: string) => {
    if (ofStripe !== ofShop) found.push({ kind, stripe: ofStripe, shop: ofShop })
  }
  differ(
    'payment_differs',
    `${stripe.intentId}, ${say(stripe.amount)}`,
    `${payment.intentId}, ${say(payment.amount, payment.currency)}`,
  )
  differ('captured_differs', say(stripe.capturedAmount), say(payment.capturedAmount, payment.currency))
  const { refundedAmount, reservedAmount, capturedAmount } = payment
  // What is on its way is reserved here, whether or not Stripe has heard of it yet.
  const isBetween = stripe.refunded >= refundedAmount && stripe.refunded <= refundedAmount + reservedAmount
  if (!isBetween) differ('refunded_differs', say(stripe.refunded), say(refundedAmount, payment.currency))
  const inLedger = `${say(booked.captured)} captured, ${say(booked.refunded)} refunded`
  const kept = `${say(capturedAmount)} captured, ${say(refundedAmount)} refunded`
  if (inLedger !== kept) found.push({ kind: 'ledger_differs', stripe: kept, shop: inLedger })
  return found
}

/** The kinds of difference that {@link differencesOf} looks for. */
export const COMPARED = [
  'payment_unknown',
  'payment_differs',
  'captured_differs',
  'refunded_differs',
  'ledger_differs',
] as const satisfies DiscrepancyKind[]
