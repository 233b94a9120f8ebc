import type { ShippedOrder } from '@shop/contracts'
import { ok, type Result } from '@shop/kernel'
import type { OrdersDeps } from '../deps.ts'

/** Ends the announcement of a shipped order: its payment was captured, or never can be. */
export async function confirmShipped(
  deps: Pick<OrdersDeps, 'announcements' | 'now'>,
  event: ShippedOrder,
): Promise<Result<undefined, never>> {
  await deps.announcements.confirm(event.eventId, deps.now())
  return ok()
}
