import type { CaptureDue } from '@shop/contracts/orders/rpc'
import { chargeStep } from '@shop/kernel/currencies'
import { roundDown } from '@shop/kernel/money'
import type { Payment } from './payment.ts'

/** A capture of an authorization, in minor units. A final one releases the rest, and may be of 0 after others. */
export type Capture = { amount: number; isFinal: boolean }

/** Stripe captures an authorization at most so often. Source: https://docs.stripe.com/payments/multicapture */
export const MOST_CAPTURES = 50

type Authorized = Pick<Payment, 'amount' | 'capturedAmount' | 'currency'>

/**
 * Decides the capture after a shipment has left: up to what is due for the units that have left, and all that is due with the last
 * shipment. Where the authorization can be captured once only, the first shipment captures all that is due.
 *
 * It depends on what was captured before, so a shipment that was captured needs no further capture.
 *
 * @returns undefined while nothing more is to be captured
 */
export function nextCapture(payment: Authorized, due: CaptureDue, allowsSeveralCaptures: boolean): Capture | undefined {
  if (due.shipments === 0) return undefined
  const isLast = !allowsSeveralCaptures || due.isLast || due.shipments >= MOST_CAPTURES
  const left = leftToCapture(payment, due)
  const owed = Math.max(0, due.shipped - payment.capturedAmount)
  const amount = isLast ? left : Math.min(left, wholeSteps(payment, owed))
  const capture = { amount, isFinal: isLast || amount === left }
  const isRelease = capture.isFinal && payment.capturedAmount > 0
  return capture.amount > 0 || isRelease ? capture : undefined
}

/** What can still be captured of an authorization, in minor units: without units that an edit of the order has removed. */
export const leftToCapture = (payment: Authorized, { total }: Pick<CaptureDue, 'total'>): number =>
  wholeSteps(payment, Math.max(0, Math.min(total, payment.amount) - payment.capturedAmount))

/**
 * Rounded down to what Stripe can charge in the currency, since it would refuse anything finer. A later capture has the rest; the last
 * one releases it, which happens only to orders that an edit has left with such an amount.
 */
const wholeSteps = ({ currency }: Pick<Payment, 'currency'>, amount: number): number =>
  roundDown(amount, chargeStep(currency))
