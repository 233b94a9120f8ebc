import type { AmountNotChargeable, Payment, Refund, RefundFailure } from '@shop/contracts'
import {
  addSeconds,
  type CurrencyCode,
  fail,
  type InvalidAmount,
  ok,
  type Result,
  toMajor,
  toMinor,
} from '@shop/kernel'
import { toPartAmount } from '../domain/charge.ts'
import type { PaymentsDeps } from '../ports.ts'
import { type Answered, answered } from './answer-once.ts'
import { executeRefund } from './execute-refund.ts'
import { type Access, takePayment } from './see-payment.ts'

export type RefundPayment = {
  paymentId: string
  /** In major units; left out, all that is left. */
  amount?: number | undefined
  reason?: string | undefined
  idempotencyKey: string | undefined
}

const UNSAID = 'requested_by_staff'

/**
 * Gives a captured payment back, or a part of it. The amount is reserved before Stripe is asked, so refunds at once never
 * come to more than was captured. A refund whose answer got lost is `pending`, and the sweep sees to it.
 */
export async function refundPayment(
  deps: PaymentsDeps,
  access: Access,
  request: RefundPayment,
): Promise<Answered<Refund, RefundFailure>> {
  const taken = await takePayment(deps, access, request.paymentId)
  if (!taken.ok) return answered(taken)
  const { payment, staff } = taken.value
  const { idempotencyKey: key } = request
  if (key === undefined) return answered(fail({ code: 'idempotency_key_required' }))
  const amount = minorAmount(request.amount, payment.currency)
  if (!amount.ok) return answered(amount)
  const now = deps.now()
  const refund = {
    id: deps.newRefundId(),
    paymentId: payment.id,
    amount: amount.value,
    reason: request.reason ?? UNSAID,
    actor: { kind: 'staff' as const, userId: staff.userId },
    now,
    leaseUntil: addSeconds(now, deps.attemptSeconds),
  }
  const reserved = await deps.store.reserveRefund(refund, {
    scope: `${staff.userId}:refundPayment`,
    key,
    requestHash: await deps.sha256(JSON.stringify([payment.id, request.amount ?? null, request.reason ?? null])),
  })
  switch (reserved.kind) {
    case 'in_flight':
      return answered(fail({ code: 'idempotency_in_flight' }))
    case 'other_request':
      return answered(fail({ code: 'idempotency_key_reused' }))
    case 'exceeds':
      return answered(exceeds(reserved.payment ?? payment))
    case 'replayed':
      return { result: made(reserved.refund), replayed: true }
    case 'reserved':
      return answered(made(await executeRefund(deps, reserved.refund, payment)))
  }
}

/** @returns null when none is given */
export function minorAmount(
  amount: number | undefined,
  currency: CurrencyCode,
): Result<number | null, InvalidAmount | AmountNotChargeable> {
  if (amount === undefined) return ok(null)
  const minor = toMinor(amount, currency)
  if (!minor.ok) return minor
  const part = toPartAmount({ minor: minor.value, currency })
  return part.ok ? minor : part
}

function exceeds(payment: Payment): { ok: false; failure: RefundFailure } {
  const { currency, capturedAmount, refundedAmount, reservedAmount } = payment
  const left = toMajor(capturedAmount - refundedAmount - reservedAmount, currency)
  return fail({ code: 'refund_exceeds_captured', left, currency })
}

/** A refund that failed is never told as one. */
function made(refund: Refund): Result<Refund, RefundFailure> {
  if (refund.state !== 'failed') return ok(refund)
  return fail({ code: 'refund_refused', refundId: refund.id, reason: refund.failure ?? 'refused' })
}
