import type { RefundOfOrder } from '@shop/contracts/orders/rpc'
import type { RefundId } from '@shop/kernel/ids'
import { ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'

/**
 * Refunds by line that were reserved before a time and are neither made nor released, oldest first.
 *
 * @param page.after the last one of the page before
 */
export async function listOpenRefunds(
  deps: Pick<OrdersDeps, 'lineRefunds'>,
  page: { before: Date; after?: RefundId | undefined; limit: number },
): Promise<Result<RefundOfOrder[], never>> {
  return ok(await deps.lineRefunds.listOpen(page))
}
