import type { Payment, PaymentsFailure } from '@shop/contracts'
import { fail, ok, type Result, toMajor } from '@shop/kernel'
import type { KeyClaim, PaymentsDeps } from '../ports.ts'
import { type Answered, answered, claimKey, claimOf, forKey, knownAnswer } from './answer-once.ts'
import { captureAuthorized } from './capture-authorized.ts'
import { minorAmount } from './refund-payment.ts'
import { type Access, takePayment } from './see-payment.ts'

export type CapturePayment = { paymentId: string; amount?: number | undefined; idempotencyKey: string | undefined }

/** Takes the money of an authorized payment before its order ships; a part of it lets the rest go. */
export async function capturePayment(
  deps: PaymentsDeps,
  access: Access,
  request: CapturePayment,
): Promise<Answered<Payment, PaymentsFailure>> {
  const taken = await takePayment(deps, access, request.paymentId)
  if (!taken.ok) return answered(taken)
  const { payment, staff } = taken.value
  if (request.idempotencyKey === undefined) return answered(fail({ code: 'idempotency_key_required' }))
  const claim = await claimOf(deps, {
    scope: `${staff.userId}:capturePayment`,
    key: request.idempotencyKey,
    request: [payment.id, request.amount ?? null],
  })
  return forKey(deps, claim, async () => {
    const known = knownAnswer(await claimKey(deps, claim))
    return known ?? answered(await capture(deps, payment, request.amount, claim))
  })
}

async function capture(
  deps: PaymentsDeps,
  payment: Payment,
  major: number | undefined,
  claim: KeyClaim | undefined,
): Promise<Result<Payment, PaymentsFailure>> {
  const { currency, state } = payment
  if (state !== 'requires_capture') return fail({ code: 'payment_not_capturable', paymentStatus: state })
  const amount = minorAmount(major, currency)
  if (!amount.ok) return amount
  const wanted = amount.value ?? payment.amount
  if (wanted > payment.amount) {
    return fail({ code: 'capture_exceeds_authorized', authorized: toMajor(payment.amount, currency), currency })
  }
  const settled = await captureAuthorized(deps, payment, wanted, claim)
  if (!settled.ok) return settled
  const { payment: current } = settled.value
  if (current.state === 'succeeded') return ok(current)
  return fail({ code: 'payment_not_capturable', paymentStatus: current.state })
}
