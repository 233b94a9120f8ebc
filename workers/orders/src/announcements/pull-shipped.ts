import type { ShippedOrder } from '@shop/contracts'
import { ok, type Result } from '@shop/kernel'
import type { OrdersDeps } from '../deps.ts'

/** Shipped orders whose authorized payment is due for capture and not confirmed yet. */
export async function pullShipped(
  deps: Pick<OrdersDeps, 'announcements' | 'now'>,
  limit: number,
): Promise<Result<ShippedOrder[], never>> {
  return ok(await deps.announcements.pull('shipped', { limit, now: deps.now() }))
}
