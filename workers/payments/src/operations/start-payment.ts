import {
  addSeconds,
  type Caller,
  type CurrencyCode,
  fail,
  type OrderNotPayable,
  ok,
  type PayableOrder,
  type Payment,
  type PaymentsFailure,
  type Result,
} from '@shop/contracts'
import { toChargeAmount } from '../domain/charge.ts'
import { checkClaimedAmount, methodOf, nextStep } from '../domain/payment.ts'
import type { PaymentsDeps } from '../ports.ts'
import { askStripe } from './ask-stripe.ts'
import { settleAnswer } from './settle-answer.ts'

export type StartPayment = {
  orderId: string
  paymentMethod?: string | undefined
  paymentMethodId?: string | undefined
  amount?: number | undefined
  currency?: CurrencyCode | undefined
}

/**
 * Starts or continues the payment of an order: of its own total, whatever the client says.
 *
 * What will be asked of Stripe is written first, so a crash anywhere is resumed by the sweep with the same key. An
 * order has one payment: parallel calls find it and get it, or `payment_in_progress`.
 */
export async function startPayment(
  deps: PaymentsDeps,
  caller: Caller,
  request: StartPayment,
): Promise<Result<Payment, PaymentsFailure>> {
  const payable = await deps.orders.payableOrder({ orderId: request.orderId, caller })
  if (!payable.ok) return payable
  const order = payable.value
  const agreed = checkClaimedAmount(order, request)
  if (!agreed.ok) return agreed
  const chargeable = toChargeAmount({ minor: order.total, currency: order.currency })
  if (!chargeable.ok) return chargeable

  const method = methodOf(request)
  const { started, payment } = await deps.store.start(freshPayment(deps, order, method))
  const attempt = started ? ok(payment) : await continuePayment(deps, payment, method)
  if (!attempt.ok) return attempt
  if (attempt.value.attemptUntil === null) return attempt
  const answer = await askStripe(deps, attempt.value)
  const settled = await settleAnswer(deps, attempt.value, answer, deps.now())
  if (!settled.ok) return settled
  const { outcome, payment: current } = settled.value
  return outcome === 'refund' || current.state === 'canceled' ? orderCancelled() : ok(current)
}

function freshPayment(deps: PaymentsDeps, order: PayableOrder, method: string | undefined) {
  const now = deps.now()
  return {
    id: deps.newPaymentId(),
    orderId: order.orderId,
    userId: order.userId,
    amount: order.total,
    currency: order.currency,
    attemptMethod: method ?? null,
    attemptUntil: addSeconds(now, deps.attemptSeconds),
    createdAt: now,
  }
}

/** An attempt at the payment the order already has, or the payment itself when there is nothing to ask of Stripe. */
async function continuePayment(
  deps: PaymentsDeps,
  payment: Payment,
  method: string | undefined,
): Promise<Result<Payment, PaymentsFailure>> {
  const step = nextStep(payment, method)
  if (!step.ok) return step
  if (step.value.kind === 'show') return ok(payment)
  const now = deps.now()
  const attempt = { method: step.value.method, until: addSeconds(now, deps.attemptSeconds), now }
  const claimed = await deps.store.claimAttempt(payment, attempt)
  return claimed === undefined ? fail({ code: 'payment_in_progress' }) : ok(claimed)
}

/** The order was cancelled, or its stock was gone, before the money came: it was called off, or given back. */
function orderCancelled(): { ok: false; failure: OrderNotPayable } {
  return fail({ code: 'order_not_payable', orderStatus: 'cancelled' })
}
