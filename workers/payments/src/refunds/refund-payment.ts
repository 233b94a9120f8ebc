import type { OrderCredentials } from '@shop/contracts/orders/access'
import type { RefundFailure } from '@shop/contracts/payments/failures'
import { type ActorId, actorIdOf } from '@shop/kernel/access'
import { sha256Hex } from '@shop/kernel/hash'
import { toMajor } from '@shop/kernel/money'
import { fail, ok, type Result } from '@shop/kernel/result'
import { addSeconds } from '@shop/kernel/time'
import { type Answered, firstAnswer } from '../idempotency/answer-once.ts'
import { partAmount } from '../payments/domain/charge-amount.ts'
import type { Payment } from '../payments/domain/payment.ts'
import { findPaymentForStaff } from '../payments/find-payment.ts'
import type { Refund } from './domain/refund.ts'
import { type ExecuteDeps, executeRefund } from './execute-refund.ts'
import type { NewRefund } from './repository/reserve.ts'

export type RefundPayment = {
  paymentId: string
  /** In major units; undefined stands for all that is left. */
  amount?: number | undefined
  reason?: string | undefined
  idempotencyKey: string | undefined
}

const NO_REASON_GIVEN = 'requested_by_staff'

/**
 * Refunds a captured payment, or a part of it. The amount is reserved before Stripe is asked, so that concurrent refunds
 * never exceed the captured amount. A refund whose answer was lost is `pending`, and the sweep finds out.
 */
export async function refundPayment(
  deps: ExecuteDeps,
  access: OrderCredentials,
  request: RefundPayment,
): Promise<Answered<Refund, RefundFailure>> {
  const found = await findPaymentForStaff(deps, access, request.paymentId, 'orders:refund')
  if (!found.ok) return firstAnswer(found)
  const { payment, staff } = found.value
  const { idempotencyKey: key } = request
  if (key === undefined) return firstAnswer(fail({ code: 'idempotency_key_required' }))
  const amount = partAmount(request.amount, payment.currency)
  if (!amount.ok) return firstAnswer(amount)
  const reserved = await deps.refunds.reserve(
    newRefund(deps, payment, { ...request, userId: actorIdOf(staff), amount: amount.value }),
    {
      scope: `${actorIdOf(staff)}:refundPayment`,
      key,
      requestHash: await sha256Hex(JSON.stringify([payment.id, request.amount ?? null, request.reason ?? null])),
    },
  )
  switch (reserved.kind) {
    case 'in_flight':
      return firstAnswer(fail({ code: 'idempotency_in_flight' }))
    case 'other_request':
      return firstAnswer(fail({ code: 'idempotency_key_reused' }))
    case 'exceeds':
      return firstAnswer(exceedsCaptured(reserved.payment ?? payment))
    case 'replayed':
      return { result: toResult(reserved.refund), replayed: true }
    case 'reserved':
      return firstAnswer(toResult(await executeRefund(deps, reserved.refund, payment)))
  }
}

function newRefund(
  deps: ExecuteDeps,
  payment: Payment,
  request: { userId: ActorId; amount: number | undefined; reason?: string | undefined },
): NewRefund {
  const now = deps.now()
  return {
    id: deps.newRefundId(),
    paymentId: payment.id,
    amount: request.amount,
    reason: request.reason ?? NO_REASON_GIVEN,
    actor: { kind: 'staff', userId: request.userId },
    now,
    leaseUntil: addSeconds(now, deps.attemptSeconds),
  }
}

function exceedsCaptured(payment: Payment): { ok: false; failure: RefundFailure } {
  const { currency, capturedAmount, refundedAmount, reservedAmount } = payment
  const left = toMajor(capturedAmount - refundedAmount - reservedAmount, currency)
  return fail({ code: 'refund_exceeds_captured', left, currency })
}

/** A failed refund is never answered as one. */
function toResult(refund: Refund): Result<Refund, RefundFailure> {
  if (refund.state !== 'failed') return ok(refund)
  return fail({ code: 'refund_refused', refundId: refund.id, reason: refund.failure ?? 'refused' })
}
