import type { OrderChanged, OrderNotFound } from '@shop/contracts/orders/failures'
import type { RefundOfOrder } from '@shop/contracts/orders/rpc'
import { ok, type Result } from '@shop/kernel/result'
import pMap from 'p-map'
import { type ChangeDeps, changeOrder, SYSTEM } from '../orders/change-order.ts'
import { releaseRefund } from './domain/line-refund-steps.ts'

/** Orders that are changed at the same time. */
const CONCURRENCY = 4

/** Gives the units of refunds by line back that were never made. Safe to repeat. */
export async function releaseRefunds(
  deps: ChangeDeps,
  refunds: RefundOfOrder[],
): Promise<Result<Result<undefined, OrderNotFound | OrderChanged>[], never>> {
  const release = async ({
    orderId,
    refundId,
  }: RefundOfOrder): Promise<Result<undefined, OrderNotFound | OrderChanged>> => {
    const released = await changeOrder(deps, { orderId, actor: SYSTEM }, (order) => ok(releaseRefund(order, refundId)))
    return released.ok ? ok() : released
  }
  return ok(await pMap(refunds, release, { concurrency: CONCURRENCY }))
}
