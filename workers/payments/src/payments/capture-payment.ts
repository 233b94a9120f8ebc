import type { OrderCredentials } from '@shop/contracts/orders/access'
import type { PaymentsFailure } from '@shop/contracts/payments/failures'
import { actorIdOf } from '@shop/kernel/access'
import { toMajor } from '@shop/kernel/money'
import { fail, ok, type Result } from '@shop/kernel/result'
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
import { partAmount } from './domain/charge-amount.ts'
import { leftToCapture } from './domain/next-capture.ts'
import { toResult } from './domain/outcome.ts'
import type { Payment } from './domain/payment.ts'
import { findPaymentForStaff } from './find-payment.ts'
import { type CaptureDeps, captureAuthorized } from './internal/capture-authorized.ts'

export type CapturePayment = { paymentId: string; amount?: number | undefined; idempotencyKey: string | undefined }

/**
 * Captures an authorized payment before its order ships, or what shipments have left of it. A part can be captured, which releases the
 * rest.
 */
export async function capturePayment(
  deps: CaptureDeps & Pick<PaymentsDeps, 'keys' | 'newClaim'>,
  access: OrderCredentials,
  request: CapturePayment,
): Promise<Answered<Payment, PaymentsFailure>> {
  const found = await findPaymentForStaff(deps, access, request.paymentId, 'payments:capture')
  if (!found.ok) return firstAnswer(found)
  const { payment, staff } = found.value
  if (request.idempotencyKey === undefined) return firstAnswer(fail({ code: 'idempotency_key_required' }))
  const claim = await claimOf(deps, {
    scope: `${actorIdOf(staff)}:capturePayment`,
    key: request.idempotencyKey,
    request: [payment.id, request.amount ?? null],
  })
  return releasingOnFailure(deps, claim, async () => {
    const known = knownAnswer(await claimKey(deps, claim))
    return known ?? firstAnswer(await capture(deps, payment, request.amount, claim))
  })
}

async function capture(
  deps: CaptureDeps,
  payment: Payment,
  major: number | undefined,
  claim: KeyClaim | undefined,
): Promise<Result<Payment, PaymentsFailure>> {
  const { currency, state } = payment
  if (state !== 'requires_capture') return fail({ code: 'payment_not_capturable', paymentStatus: state })
  const part = partAmount(major, currency)
  if (!part.ok) return part
  const due = await deps.orders.captureDue({ orderId: payment.orderId, shipmentId: null })
  if (!due.ok) return due
  const left = leftToCapture(payment, due.value)
  const amount = part.value ?? left
  if (amount > left) {
    return fail({ code: 'capture_exceeds_authorized', authorized: toMajor(left, currency), currency })
  }
  // An edit has left nothing to pay, and the authorization is being voided.
  const isVoided = amount === 0 && payment.capturedAmount === 0
  if (isVoided) return fail({ code: 'payment_not_capturable', paymentStatus: state })
  const settled = await captureAuthorized(deps, payment, { amount, isFinal: true }, claim)
  if (!settled.ok) return settled
  const { payment: current, outcome } = settled.value
  if (outcome.kind === 'declined') return toResult(settled.value)
  // Also for an order that could not take the money: the payment was captured, and its refund is separate.
  return current.state === 'succeeded'
    ? ok(current)
    : fail({ code: 'payment_not_capturable', paymentStatus: current.state })
}
