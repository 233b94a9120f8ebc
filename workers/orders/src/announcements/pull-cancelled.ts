import type { CancelledOrder } from '@shop/contracts'
import { ok, type Result } from '@shop/kernel'
import type { OrdersDeps } from '../deps.ts'

/** Cancellations that payments have not confirmed yet. */
export async function pullCancelled(
  deps: Pick<OrdersDeps, 'announcements' | 'now'>,
  limit: number,
): Promise<Result<CancelledOrder[], never>> {
  return ok(await deps.announcements.pull('cancelled', { limit, now: deps.now() }))
}
