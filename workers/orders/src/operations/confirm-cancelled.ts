import { type CancelledOrder, ok, type Result, type ServiceUnavailable } from '@shop/contracts'
import type { OrdersDeps } from '../ports.ts'
import { releaseLines } from './hold-lines.ts'

/** Frees the stock of a cancelled order whose payment is called off; the event is done only when that is. */
export async function confirmCancelled(
  deps: OrdersDeps,
  event: CancelledOrder,
): Promise<Result<undefined, ServiceUnavailable>> {
  const order = await deps.store.find(event.orderId)
  if (order?.status === 'cancelled') {
    const released = await releaseLines(deps, order)
    if (!released.ok) return released
  }
  await deps.store.confirmCancelled(event.eventId, deps.now())
  return ok()
}
