import { addSeconds } from '@shop/kernel/time'
import type { PaymentsDeps } from '../deps.ts'

/** By then no request is still under way that reserved units at orders and has not reserved their money. */
const UNMADE_SECONDS = 600
const BATCH = 50

/**
 * Releases units that orders reserved for refunds which were not made, because their request crashed or the refund failed. Refunds in
 * progress are left alone.
 *
 * @returns how many refunds it released
 */
export async function releaseUnmadeRefunds(
  deps: Pick<PaymentsDeps, 'orders' | 'refunds' | 'now' | 'warn'>,
): Promise<number> {
  const open = await deps.orders.listOpenRefunds({ before: addSeconds(deps.now(), -UNMADE_SECONDS), limit: BATCH })
  if (!open.ok || open.value.length === 0) return 0
  const made = await deps.refunds.details(open.value.map(({ refundId }) => refundId))
  const unmade = open.value.filter(({ refundId }) => (made.get(refundId)?.refund.state ?? 'failed') === 'failed')
  if (unmade.length === 0) return 0
  const released = await deps.orders.releaseRefunds(unmade)
  if (!released.ok) return 0
  return released.value.filter((one) => one.ok).length
}
