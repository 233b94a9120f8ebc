import type { RefundOfOrder } from '@shop/contracts/orders/rpc'
import { ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'

/** Refunds by line that were reserved before a time and are neither made nor released, oldest first. */
export async function listOpenRefunds(
  deps: Pick<OrdersDeps, 'lineRefunds'>,
  page: { before: Date; limit: number },
): Promise<Result<RefundOfOrder[], never>> {
  return ok(await deps.lineRefunds.listOpen(page))
}
