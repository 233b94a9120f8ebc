import type { Order } from '../../orders/domain/order.ts'
import { type Step, step, UNCHANGED } from '../../orders/domain/steps.ts'
import type { DisputeFact } from './facts.ts'
import { isCaptured, isPaymentOf } from './payment.ts'

/** Decides what disputes of the order's payment have moved. The fact is complete, so it replaces what was known. */
export function recordDisputes(order: Order, { paymentId, disputed, chargedBack }: DisputeFact): Step {
  if (!isCaptured(order) || !isPaymentOf(order, { paymentId })) return UNCHANGED
  const { disputedAmount, chargedBackAmount } = order
  if (disputed === disputedAmount && chargedBack === chargedBackAmount) return UNCHANGED
  const to = { disputedAmount: disputed, chargedBackAmount: chargedBack } as const
  return disputed > disputedAmount
    ? step('disputed', to, { paymentId, amount: disputed })
    : step('dispute_closed', to, { paymentId, amount: chargedBack })
}
