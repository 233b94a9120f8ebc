import type { OrderNotPayable, PayableOrder, Payment, PaymentsFailure } from '@shop/contracts'
import { addSeconds, type Caller, type CurrencyCode, fail, ok, type Result } from '@shop/kernel'
import { toChargeAmount } from '../domain/charge.ts'
import { checkClaimedAmount, methodOf, nextStep } from '../domain/payment.ts'
import type { CardHolder, KeyClaim, PaymentsDeps } from '../ports.ts'
import { type Answered, answered, claimKey, claimOf, forKey, knownAnswer } from './answer-once.ts'
import { askStripe } from './ask-stripe.ts'
import { cardHolder } from './card-holder.ts'
import type { Access } from './see-payment.ts'
import { settleAnswer } from './settle-answer.ts'

export type StartPayment = {
  orderId: string
  paymentMethod?: string | undefined
  paymentMethodId?: string | undefined
  amount?: number | undefined
  currency?: CurrencyCode | undefined
  savePaymentMethod?: boolean | undefined
  idempotencyKey?: string | undefined
}

/**
 * Starts or continues the payment of an order: of its own total, whatever the client says.
 *
 * What will be asked of Stripe is written first, so a crash anywhere is resumed by the sweep with the same key. An
 * order has one payment: parallel calls find it and get it, or `payment_in_progress`. The same idempotency key gets the
 * first answer, also where that was a decline: nothing is charged again for it.
 */
export async function startPayment(
  deps: PaymentsDeps,
  access: Access,
  request: StartPayment,
): Promise<Answered<Payment, PaymentsFailure>> {
  const claim = await claimFor(deps, access, request)
  return forKey(deps, claim, async () => {
    const [key, payable] = await Promise.all([
      claimKey(deps, claim),
      deps.orders.payableOrder({ orderId: request.orderId, ...access }),
    ])
    const known = knownAnswer(key)
    if (known !== undefined) return known
    if (!payable.ok) return answered(payable)
    return answered(await payOrder(deps, payable.value, { ...request, caller: access.caller }, claim))
  })
}

async function payOrder(
  deps: PaymentsDeps,
  order: PayableOrder,
  request: StartPayment & { caller: Caller },
  claim: KeyClaim | undefined,
): Promise<Result<Payment, PaymentsFailure>> {
  const agreed = checkClaimedAmount(order, request)
  if (!agreed.ok) return agreed
  const chargeable = toChargeAmount({ minor: order.total, currency: order.currency })
  if (!chargeable.ok) return chargeable

  const method = methodOf(request)
  const card = await cardHolder(deps, order, { ...request, method })
  if (!card.ok) return card
  // Before anything is written: whoever finds Stripe too busy can try again at once.
  if (!(await deps.provider.reserveTurn('create'))) return fail({ code: 'payment_provider_unavailable' })
  const { started, payment } = await deps.store.start(freshPayment(deps, order, { method, card: card.value }), claim)
  const attempt = started ? ok(payment) : await continuePayment(deps, payment, { method, card: card.value }, claim)
  if (!attempt.ok) return attempt
  const { id: paymentId, attemptUntil } = attempt.value
  if (attemptUntil === null) {
    if (claim !== undefined) await deps.store.answerKey(claim, { paymentId, answer: { kind: 'payment' } })
    return attempt
  }
  const answer = await askStripe(deps, attempt.value)
  // The first call of this attempt was not made, so the next may be another.
  if (answer.kind === 'busy') await deps.store.endAttempt(attempt.value, deps.now())
  const settled = await settleAnswer(deps, attempt.value, answer, deps.now())
  if (!settled.ok) return settled
  const { outcome, payment: current } = settled.value
  if (outcome !== 'refund' && outcome !== 'void' && current.state !== 'canceled') return ok(current)
  if (claim !== undefined) await deps.store.answerKey(claim, { paymentId, answer: { kind: 'order_cancelled' } })
  return orderCancelled()
}

/** Keys of a guest are kept apart by the token of his order, which is all that is known of him. */
async function claimFor(
  deps: PaymentsDeps,
  { caller, orderToken }: Access,
  { idempotencyKey: key, ...request }: StartPayment,
): Promise<KeyClaim | undefined> {
  if (key === undefined || (caller.kind === 'anonymous' && orderToken === null)) return undefined
  const who = caller.kind === 'user' ? caller.userId : `guest:${await deps.sha256(orderToken ?? '')}`
  const { orderId, paymentMethod, paymentMethodId, amount, currency, savePaymentMethod } = request
  return claimOf(deps, {
    scope: `${who}:startPayment`,
    key,
    request: [
      orderId,
      paymentMethod ?? null,
      paymentMethodId ?? null,
      amount ?? null,
      currency ?? null,
      savePaymentMethod ?? false,
    ],
  })
}

type Means = { method: string | undefined; card: CardHolder }

function freshPayment(deps: PaymentsDeps, order: PayableOrder, { method, card }: Means) {
  const now = deps.now()
  return {
    id: deps.newPaymentId(),
    orderId: order.orderId,
    userId: order.userId,
    amount: order.total,
    currency: order.currency,
    captureMethod: deps.captureMethod,
    attemptMethod: method ?? null,
    card,
    attemptUntil: addSeconds(now, deps.attemptSeconds),
    createdAt: now,
  }
}

/** An attempt at the payment the order already has, or the payment itself when there is nothing to ask of Stripe. */
async function continuePayment(
  deps: PaymentsDeps,
  payment: Payment,
  { method, card }: Means,
  claim: KeyClaim | undefined,
): Promise<Result<Payment, PaymentsFailure>> {
  const step = nextStep(payment, method)
  if (!step.ok) return step
  if (step.value.kind === 'show') return ok(payment)
  if (!(await deps.provider.reserveTurn('confirm'))) return fail({ code: 'payment_provider_unavailable' })
  const now = deps.now()
  const attempt = { method: step.value.method, card, until: addSeconds(now, deps.attemptSeconds), now }
  const claimed = await deps.store.claimAttempt(payment, claim === undefined ? attempt : { ...attempt, key: claim })
  return claimed === undefined ? fail({ code: 'payment_in_progress' }) : ok(claimed)
}

/** The order was cancelled, or its stock was gone, before the money came: it was called off, or given back. */
function orderCancelled(): { ok: false; failure: OrderNotPayable } {
  return fail({ code: 'order_not_payable', orderStatus: 'cancelled' })
}
