import { type CancelledOrder, type Order, ok, type Result, type ServiceUnavailable } from '@shop/contracts'
import { variantIdsOf } from '../domain/pricing.ts'
import { noteReturned } from '../domain/stock-facts.ts'
import type { OrdersDeps } from '../ports.ts'
import { changeOrder, SYSTEM } from './change-order.ts'
import { releaseLines } from './hold-lines.ts'

/** Frees the stock of a cancelled order whose payment is called off; the event is done only when that is. */
export async function confirmCancelled(
  deps: OrdersDeps,
  event: CancelledOrder,
): Promise<Result<undefined, ServiceUnavailable>> {
  const order = await deps.store.find(event.orderId)
  if (order?.status === 'cancelled') {
    const freed = await freeStock(deps, order)
    if (!freed.ok) return freed
    const target = { orderId: order.id, actor: SYSTEM, known: order }
    const noted = await changeOrder(deps, target, (current) => ok(noteReturned(current)))
    if (!noted.ok) return { ok: false, failure: { code: 'service_unavailable' } }
  }
  await deps.store.confirm(event.eventId, deps.now())
  return ok()
}

/**
 * Ends what the order holds and takes back what it has bought, each unit once. In this order: once a hold is released,
 * a sale that is still under way cannot come after it.
 */
async function freeStock(deps: OrdersDeps, order: Order): Promise<Result<undefined, ServiceUnavailable>> {
  const released = await releaseLines(deps, order)
  if (!released.ok || order.paymentId === null) return released
  return deps.catalog.returnSales({ holdId: order.id, variantIds: variantIdsOf(order.lines) })
}
