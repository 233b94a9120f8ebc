import type { OrderId } from '@shop/kernel'
import type { PaymentsDeps } from '../ports.ts'
import { cancelIntent } from './cancel-intent.ts'
import { forEach } from './each.ts'
import { executeRefund, resolveAutomaticRefund } from './execute-refund.ts'

const BATCH = 50

/**
 * Calls off the payments of cancelled orders, then tells orders, which frees their stock. Pulled, not pushed, since
 * bindings lead one way; an order that is not told comes again.
 *
 * @returns how many cancellations were taken up
 */
export async function callOffPayments(deps: PaymentsDeps): Promise<number> {
  const cancelled = await deps.orders.pullCancelled(BATCH)
  if (!cancelled.ok) return 0
  await forEach(deps, 'call_off', cancelled.value, async (event) => {
    if (await callOff(deps, event.orderId)) await deps.orders.confirmCancelled(event)
  })
  return cancelled.value.length
}

/**
 * Makes sure that no payment of the order can succeed unseen, and that what was taken for it goes back.
 *
 * @returns false while Stripe is being asked, so that the answer can settle it first
 */
async function callOff(deps: PaymentsDeps, orderId: OrderId): Promise<boolean> {
  const payments = await deps.store.ofOrder(orderId)
  for (const { id } of payments.filter(({ state }) => state === 'succeeded')) {
    const refund = await resolveAutomaticRefund(deps, id)
    if (refund !== undefined) await executeRefund(deps, refund)
  }
  const open = payments.find(({ state }) => state !== 'canceled' && state !== 'succeeded')
  if (open === undefined) return true
  if (open.intentId === null) return false
  return cancelIntent(deps, open, open.intentId)
}
