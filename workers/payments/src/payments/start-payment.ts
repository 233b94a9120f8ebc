import type { OrderCredentials } from '@shop/contracts/orders/access'
import type { PayableOrder } from '@shop/contracts/orders/rpc'
import type { PaymentsFailure } from '@shop/contracts/payments/failures'
import { actorIdOf } from '@shop/kernel/access'
import type { Caller } from '@shop/kernel/caller'
import type { CurrencyCode } from '@shop/kernel/currencies'
import { sha256Hex } from '@shop/kernel/hash'
import { fail, ok, type Result } from '@shop/kernel/result'
import { addSeconds } from '@shop/kernel/time'
import type { PaymentsDeps } from '../deps.ts'
import {
  type Answered,
  claimKey,
  claimOf,
  firstAnswer,
  type KeyClaim,
  knownAnswer,
  releasingOnFailure,
} from '../idempotency/answer-once.ts'
import { type CardDeps, chooseCardOwner } from '../saved-methods/choose-card-owner.ts'
import type { CardOwner } from '../saved-methods/domain/saved-method.ts'
import { checkChargeAmount } from './domain/charge-amount.ts'
import { toResult } from './domain/outcome.ts'
import { checkExpectedAmount, methodOf, nextStep, type Payment } from './domain/payment.ts'
import { askStripe } from './internal/ask-stripe.ts'
import { type SettleDeps, settleAnswer } from './settle-payment.ts'

export type StartPayment = {
  orderId: string
  paymentMethod?: string | undefined
  paymentMethodId?: string | undefined
  amount?: number | undefined
  currency?: CurrencyCode | undefined
  savePaymentMethod?: boolean | undefined
  idempotencyKey?: string | undefined
}

type StartDeps = SettleDeps & CardDeps & Pick<PaymentsDeps, 'keys' | 'newPaymentId' | 'newClaim' | 'captureMethod'>

/**
 * Starts or continues the payment of what is due for an order, whatever the client expects.
 *
 * What Stripe will be asked is written first, so that the sweep can resume it with the same key after a crash. A charge
 * of an order has one payment: a parallel request continues it, or gets `payment_in_progress`. A repeated idempotency key gets the
 * first answer, also a decline: nothing is charged again for it.
 */
export async function startPayment(
  deps: StartDeps,
  access: OrderCredentials,
  request: StartPayment,
): Promise<Answered<Payment, PaymentsFailure>> {
  // First of all: what is refused here may be a card number, of which not even a hash may be stored.
  const method = methodOf(request)
  if (!method.ok) return firstAnswer(method)
  const claim = await claimOf(deps, await keyOf(access, request))
  return releasingOnFailure(deps, claim, async () => {
    const [key, order] = await Promise.all([
      claimKey(deps, claim),
      deps.orders.payableOrder({ orderId: request.orderId, ...access }),
    ])
    const known = knownAnswer(key)
    if (known !== undefined) return known
    if (!order.ok) return firstAnswer(order)
    const payer = { ...request, caller: access.caller, method: method.value }
    return firstAnswer(await payOrder(deps, order.value, payer, claim))
  })
}

async function payOrder(
  deps: StartDeps,
  order: PayableOrder,
  request: StartPayment & { caller: Caller; method: string | undefined },
  claim: KeyClaim | undefined,
): Promise<Result<Payment, PaymentsFailure>> {
  const expected = checkExpectedAmount(order, request)
  if (!expected.ok) return expected
  const chargeable = checkChargeAmount({ minor: order.amountDue, currency: order.currency })
  if (!chargeable.ok) return chargeable
  const cards = await chooseCardOwner(deps, order, request)
  if (!cards.ok) return cards
  const attempt = await beginAttempt(deps, order, { method: request.method, cards: cards.value }, claim)
  if (!attempt.ok) return attempt
  const payment = attempt.value
  if (payment.attemptUntil === null) {
    if (claim !== undefined) await deps.keys.answer(claim, { payment, outcome: { kind: 'pending' } })
    return ok(payment)
  }
  const answer = await askStripe(deps, payment)
  // The first call of the attempt was not made, so the next attempt may be another call.
  if (answer.kind === 'busy') await deps.payments.endAttempt(payment, deps.now())
  const settled = await settleAnswer(deps, payment, answer, deps.now())
  if (!settled.ok) return settled
  // The key has the outcome already, except where the order's decision changed it.
  const isReversed = settled.value.outcome.kind === 'reversed'
  if (isReversed && claim !== undefined) await deps.keys.answer(claim, settled.value)
  return toResult(settled.value)
}

/** The key of a request. A guest's key is scoped to their order's token, since nothing else identifies them. */
async function keyOf({ caller, orderToken }: OrderCredentials, { idempotencyKey, ...request }: StartPayment) {
  const hasOwner = caller.kind !== 'anonymous' || orderToken !== null
  const owner = caller.kind === 'anonymous' ? `guest:${await sha256Hex(orderToken ?? '')}` : actorIdOf(caller)
  const { orderId, paymentMethod, paymentMethodId, amount, currency, savePaymentMethod } = request
  return {
    scope: `${owner}:startPayment`,
    key: hasOwner ? idempotencyKey : undefined,
    request: [
      orderId,
      paymentMethod ?? null,
      paymentMethodId ?? null,
      amount ?? null,
      currency ?? null,
      savePaymentMethod ?? false,
    ],
  }
}

type Means = { method: string | undefined; cards: CardOwner }

/** The order's payment with an attempt that the caller makes; without one (`attemptUntil` null) there is nothing to ask. */
async function beginAttempt(
  deps: StartDeps,
  order: PayableOrder,
  { method, cards }: Means,
  key: KeyClaim | undefined,
): Promise<Result<Payment, PaymentsFailure>> {
  // Before anything is written, so that the client of a busy Stripe can try again at once.
  if (!(await deps.stripeIntents.reservePermit('create'))) return fail({ code: 'payment_provider_unavailable' })
  const { started, ...found } = await deps.payments.start(newPayment(deps, order, { method, cards }), key)
  const { payment } = found
  if (started) return ok(payment)
  const step = nextStep(found, method, deps.now())
  if (!step.ok) return step
  if (step.value.kind === 'show') return ok(payment)
  if (!(await deps.stripeIntents.reservePermit('confirm'))) return fail({ code: 'payment_provider_unavailable' })
  const now = deps.now()
  const attempt = { method: step.value.method, cards, until: addSeconds(now, deps.attemptSeconds), now, key }
  const claimed = await deps.payments.claimAttempt(payment, attempt)
  return claimed === undefined ? fail({ code: 'payment_in_progress' }) : ok(claimed)
}

function newPayment(deps: StartDeps, order: PayableOrder, { method, cards }: Means) {
  const now = deps.now()
  return {
    id: deps.newPaymentId(),
    orderId: order.orderId,
    userId: order.userId,
    chargeNo: order.chargeNo,
    amount: order.amountDue,
    currency: order.currency,
    taxCalculationId: order.taxCalculationId,
    // What an edit adds is captured at once: shipping captures the first charge only.
    captureMethod: order.chargeNo === 1 ? deps.captureMethod : ('automatic' as const),
    attemptMethod: method ?? null,
    cards,
    attemptUntil: addSeconds(now, deps.attemptSeconds),
    createdAt: now,
  }
}
