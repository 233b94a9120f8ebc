import { addSeconds } from '@shop/kernel/time'
import type { PaymentsDeps } from '../deps.ts'
import { forEachItem } from '../jobs/for-each.ts'
import { type ExecuteDeps, executeRefund } from './execute-refund.ts'

/**
 * Finds the outcome of pending refunds, and requests them again.
 *
 * @returns how many were claimed
 */
export async function retryRefunds(
  deps: ExecuteDeps & Pick<PaymentsDeps, 'attemptSeconds' | 'joinOrders'>,
  limit: number,
): Promise<number> {
  const now = deps.now()
  const pending = await deps.refunds.claimDue({ now, leaseUntil: addSeconds(now, deps.attemptSeconds), limit })
  await forEachItem(deps, 'refund', pending, (joined, refund) => executeRefund(joined, refund))
  return pending.length
}
