import type { CapturedPayment } from '@shop/contracts'
import type { PaymentsDeps } from '../ports.ts'
import { confirmLater } from './confirm-later.ts'
import { executeRefund, resolveAutomaticRefund } from './execute-refund.ts'

/**
 * Tells orders of a capture until it has answered: it took the money, or the money goes back. Saying it twice is
 * saying it once; without an answer the outbox row stays and the sweep says it again.
 */
export async function deliverCapture(
  deps: PaymentsDeps,
  payment: CapturedPayment,
): Promise<'paid' | 'refund' | 'pending'> {
  const applied = await deps.orders.applyCapture(payment)
  // An order that is not there took no money either: no payment is made without one, so this needs a person.
  if (!applied.ok) return 'pending'
  if (applied.value.outcome === 'paid') {
    confirmLater(deps, { kind: 'captured', key: payment.paymentId })
    return 'paid'
  }
  const refund = await resolveAutomaticRefund(deps, payment.paymentId)
  if (refund !== undefined) await executeRefund(deps, refund)
  return 'refund'
}
