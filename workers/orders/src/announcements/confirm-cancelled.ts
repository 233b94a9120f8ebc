import type { CancelledOrder } from '@shop/contracts'
import { fail, ok, type Result, type ServiceUnavailable } from '@shop/kernel'
import type { OrdersDeps } from '../deps.ts'
import { type ChangeDeps, changeOrder, SYSTEM } from '../orders/change-order.ts'
import { recordStockReturn } from '../stock/domain/stock-steps.ts'
import { freeStock } from '../stock/free-stock.ts'
import { releaseStock } from '../stock/release-stock.ts'

/** Frees the stock of a cancelled order whose payment was voided or refunded. Confirms the event only after that. */
export async function confirmCancelled(
  deps: ChangeDeps & Pick<OrdersDeps, 'announcements' | 'catalog'>,
  event: CancelledOrder,
): Promise<Result<undefined, ServiceUnavailable>> {
  const order = await deps.orders.find(event.orderId)
  if (order?.status === 'cancelled') {
    // An order that never had a payment has sold nothing.
    const freed = await (order.paymentId === null ? releaseStock(deps, order) : freeStock(deps, order))
    if (!freed.ok) return freed
    const target = { orderId: order.id, actor: SYSTEM, known: order }
    const recorded = await changeOrder(deps, target, (current) => ok(recordStockReturn(current)))
    if (!recorded.ok) return fail({ code: 'service_unavailable' })
  }
  await deps.announcements.confirm(event.eventId, deps.now())
  return ok()
}
