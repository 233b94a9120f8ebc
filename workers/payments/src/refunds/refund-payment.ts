import type { OrderCredentials } from '@shop/contracts/orders/access'
import type { RefundFailure } from '@shop/contracts/payments/failures'
import { actorIdOf, type NamedCaller } from '@shop/kernel/access'
import { derivedId } from '@shop/kernel/derived-id'
import { sha256Hex } from '@shop/kernel/hash'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import { toMajor } from '@shop/kernel/money'
import { fail, ok, type Result } from '@shop/kernel/result'
import { addSeconds } from '@shop/kernel/time'
import { type Answered, firstAnswer } from '../idempotency/answer-once.ts'
import { partAmount } from '../payments/domain/charge-amount.ts'
import type { Payment } from '../payments/domain/payment.ts'
import { findPaymentForStaff } from '../payments/find-payment.ts'
import { NO_REASON_GIVEN } from './domain/refund.ts'
import type { RefundLines } from './domain/refund-lines.ts'
import { type ExecuteDeps, executeParts } from './execute-refund.ts'
import { partIds } from './internal/part-ids.ts'
import { releaseLines, reserveLines } from './internal/reserve-lines.ts'
import type { NewRefund } from './repository/reservation.ts'
import type { RefundGroup, ReservedRefund } from './repository/reserve-requested.ts'

export type RefundPayment = {
  paymentId: string
  /** In major units; undefined for all that was not refunded. */
  amount?: number | undefined
  /** Units and shipping, instead of an amount. */
  lines?: RefundLines | undefined
  /** `store_credit`: a new gift card in place of the money, but not of what gift cards paid. Default: as it was paid. */
  to?: RefundTarget | undefined
  reason?: string | undefined
  idempotencyKey: string | undefined
}

export const REFUND_TARGETS = ['original', 'store_credit'] as const
export type RefundTarget = (typeof REFUND_TARGETS)[number]

type LinesRequest = {
  payment: Payment
  staff: NamedCaller
  lines: RefundLines
  fresh: Omit<NewRefund, 'amount'>
  key: IdempotencyKey
}

/**
 * Refunds a captured payment, or a part of it: an amount, or units of its order. A refund of units takes from all payments of the order.
 * The amount is reserved before Stripe is called, so that concurrent refunds never exceed the captured amount. If Stripe's answer is
 * lost, the refund is `pending` until the sweep finds its outcome.
 *
 * @returns the refund, followed by its further parts from other payments. A further part that fails is listed with the discrepancies
 */
export async function refundPayment(
  deps: ExecuteDeps,
  access: OrderCredentials,
  request: RefundPayment,
): Promise<Answered<RefundGroup, RefundFailure>> {
  const found = await findPaymentForStaff(deps, access, request.paymentId, 'orders:refund')
  if (!found.ok) return firstAnswer(found)
  const { payment, staff } = found.value
  if (request.idempotencyKey === undefined) return firstAnswer(fail({ code: 'idempotency_key_required' }))
  const key = await keyOf(staff, payment, request, request.idempotencyKey)
  const fresh = newRefund(deps, payment, staff, request)
  if (request.lines !== undefined) return refundLines(deps, { payment, staff, lines: request.lines, fresh, key })
  const amount = partAmount(request.amount, payment.currency)
  if (!amount.ok) return firstAnswer(amount)
  const refundable = await checkRefundable(deps, payment)
  if (!refundable.ok) return firstAnswer(refundable)
  return execute(deps, payment, await deps.refunds.reserve({ ...fresh, amount: amount.value }, key))
}

/** What gift cards paid of an unpaid order is returned by cancelling it. A refund would leave less due than is to be paid. */
async function checkRefundable(
  { orders }: Pick<ExecuteDeps, 'orders'>,
  { method, orderId }: Payment,
): Promise<Result<undefined, RefundFailure>> {
  if (method !== 'gift_card') return ok()
  const isPending = await orders.isPending(orderId)
  if (!isPending.ok) return isPending
  return isPending.value ? fail({ code: 'nothing_to_refund' }) : ok()
}

/**
 * Orders reserves the units first, under an id derived from the key, so that a repeated request finds what a crashed one reserved. The
 * sweep releases units whose refund is never made.
 */
async function refundLines(
  deps: ExecuteDeps,
  { payment, staff, lines, fresh, key }: LinesRequest,
): Promise<Answered<RefundGroup, RefundFailure>> {
  const refundId = await derivedId('refund', JSON.stringify([key.scope, key.key]))
  const known = await deps.refunds.findRequested({ ...fresh, id: refundId }, key)
  if (known !== undefined) return execute(deps, payment, known)
  const amount = await reserveLines(deps, { payment, staff, refundId, lines })
  if (!amount.ok) return firstAnswer(amount)
  const { orderId } = payment
  const ids = await partIds(refundId, (await deps.payments.ofOrder(orderId)).length)
  const reserved = await deps.refunds.reserveOverPayments({ ...fresh, ids, orderId, amount: amount.value }, key)
  if (reserved.kind === 'exceeds') await releaseLines(deps, payment, refundId)
  return execute(deps, payment, reserved)
}

async function execute(
  deps: ExecuteDeps,
  payment: Payment,
  reserved: ReservedRefund,
): Promise<Answered<RefundGroup, RefundFailure>> {
  switch (reserved.kind) {
    case 'in_flight':
      return firstAnswer(fail({ code: 'idempotency_in_flight' }))
    case 'other_request':
      return firstAnswer(fail({ code: 'idempotency_key_reused' }))
    case 'exceeds':
      return firstAnswer(exceedsCaptured(payment, reserved.left))
    case 'replayed':
      return { result: toResult(reserved.refunds), replayed: true }
    case 'reserved':
      return firstAnswer(toResult(await executeParts(deps, reserved.refunds, payment)))
  }
}

/** Without lines and target the hash is the same as before these fields existed, so that old keys still match. */
async function keyOf(
  staff: NamedCaller,
  { id }: Payment,
  { amount, reason, lines, to = 'original' }: RefundPayment,
  key: string,
): Promise<IdempotencyKey> {
  const request = [
    id,
    amount ?? null,
    reason ?? null,
    ...(lines === undefined ? [] : [lines]),
    ...(to === 'original' ? [] : [to]),
  ]
  return { scope: `${actorIdOf(staff)}:refundPayment`, key, requestHash: await sha256Hex(JSON.stringify(request)) }
}

function newRefund(
  deps: ExecuteDeps,
  payment: Payment,
  staff: NamedCaller,
  { reason = NO_REASON_GIVEN, to }: RefundPayment,
): Omit<NewRefund, 'amount'> {
  const now = deps.now()
  return {
    id: deps.newRefundId(),
    paymentId: payment.id,
    destination: to === 'store_credit' ? 'store_credit' : 'card',
    reason,
    actor: { kind: 'staff', userId: actorIdOf(staff) },
    now,
    leaseUntil: addSeconds(now, deps.attemptSeconds),
  }
}

function exceedsCaptured({ currency }: Payment, left: number): { ok: false; failure: RefundFailure } {
  return fail({ code: 'refund_exceeds_captured', left: toMajor(left, currency), currency })
}

/** A failed refund is a failure (`refund_refused`), never a refund. */
function toResult(refunds: RefundGroup): Result<RefundGroup, RefundFailure> {
  const [{ id: refundId, state, failure }] = refunds
  return state === 'failed' ? fail({ code: 'refund_refused', refundId, reason: failure ?? 'refused' }) : ok(refunds)
}
