import type { CancelledOrder } from '@shop/contracts'
import { ok, type Result, type ServiceUnavailable } from '@shop/kernel'
import { noteReturned } from '../domain/stock-facts.ts'
import type { OrdersDeps } from '../ports.ts'
import { changeOrder, SYSTEM } from './change-order.ts'
import { freeLines, releaseLines } from './hold-lines.ts'

/** Frees the stock of a cancelled order whose payment is called off; the event is done only when that is. */
export async function confirmCancelled(
  deps: OrdersDeps,
  event: CancelledOrder,
): Promise<Result<undefined, ServiceUnavailable>> {
  const order = await deps.store.find(event.orderId)
  if (order?.status === 'cancelled') {
    // What took no payment has sold nothing.
    const freed = await (order.paymentId === null ? releaseLines(deps, order) : freeLines(deps, order))
    if (!freed.ok) return freed
    const target = { orderId: order.id, actor: SYSTEM, known: order }
    const noted = await changeOrder(deps, target, (current) => ok(noteReturned(current)))
    if (!noted.ok) return { ok: false, failure: { code: 'service_unavailable' } }
  }
  await deps.store.confirm(event.eventId, deps.now())
  return ok()
}
