import type { RefundOfOrder } from '@shop/contracts/orders/rpc'
import type { SweptBatch } from '@shop/contracts/service'
import { isId } from '@shop/kernel/ids'
import { addSeconds } from '@shop/kernel/time'
import type { PaymentsDeps } from '../deps.ts'

/** By then no request is still under way that reserved units at orders and has not reserved their money. */
const UNMADE_SECONDS = 600
const BATCH = 50

/**
 * Releases units that orders reserved for refunds which were not made, because their request crashed or the refund failed. Refunds in
 * progress are left alone.
 *
 * @param from the cursor that the previous batch returned
 * @returns how many refunds it released, and the cursor of the next batch
 */
export async function releaseUnmadeRefunds(
  deps: Pick<PaymentsDeps, 'orders' | 'refunds' | 'now' | 'warn'>,
  from?: string,
): Promise<SweptBatch> {
  const before = addSeconds(deps.now(), -UNMADE_SECONDS)
  const after = from !== undefined && isId('refund', from) ? from : undefined
  const open = await deps.orders.listOpenRefunds({ before, after, limit: BATCH })
  if (!open.ok) return { done: 0 }
  const next = open.value.length < BATCH ? undefined : open.value.at(-1)?.refundId
  return { done: await releaseUnmade(deps, open.value), next }
}

async function releaseUnmade(deps: Pick<PaymentsDeps, 'orders' | 'refunds'>, open: RefundOfOrder[]): Promise<number> {
  if (open.length === 0) return 0
  const made = await deps.refunds.details(open.map(({ refundId }) => refundId))
  const unmade = open.filter(({ refundId }) => {
    const told = made.get(refundId)
    return told === undefined || (told.refund.state === 'failed' && !told.hasStandingPart)
  })
  if (unmade.length === 0) return 0
  const released = await deps.orders.releaseRefunds(unmade)
  if (!released.ok) return 0
  return released.value.filter((one) => one.ok).length
}
