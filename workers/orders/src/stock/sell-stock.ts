import type { OrderChanged, OrderNotFound } from '@shop/contracts/orders/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { OrdersDeps } from '../deps.ts'
import { type ChangeDeps, changeOrder, SYSTEM } from '../orders/change-order.ts'
import type { Order } from '../orders/domain/order.ts'
import { stockLinesOf, variantIdsOf } from './domain/stock-lines.ts'
import { cancelForMissingStock, recordSale } from './domain/stock-steps.ts'

export type SellDeps = ChangeDeps & Pick<OrdersDeps, 'catalog'>

/**
 * Takes the lines of a paid or authorized order out of stock, all of them or none. If units of a line are no longer
 * available, the order is cancelled. Safe to repeat at any point.
 *
 * @returns `gone` when the order is cancelled, so its payment has to be voided or refunded
 */
export async function sellStock(
  deps: SellDeps,
  order: Order,
): Promise<Result<'sold' | 'gone', OrderNotFound | OrderChanged | ServiceUnavailable>> {
  if (order.status === 'cancelled') return ok('gone')
  if (order.stockCommitted) return ok('sold')
  const sold = await deps.catalog.commitHolds({ holdId: order.id, lines: stockLinesOf(order.lines) })
  const target = { orderId: order.id, actor: SYSTEM, known: order }
  if (sold.ok) {
    const recorded = await changeOrder(deps, target, (current) => ok(recordSale(current)))
    if (!recorded.ok) return recorded
    return recorded.value.status === 'cancelled' ? returnSale(deps, order) : ok('sold')
  }
  if (sold.failure.code === 'service_unavailable') return fail(sold.failure)
  const cancelled = await changeOrder(deps, target, cancelForMissingStock)
  return cancelled.ok ? ok('gone') : cancelled
}

/** The order was cancelled during the sale. Its stock may have been freed before the sale, so nothing else returns it. */
async function returnSale(
  deps: Pick<OrdersDeps, 'catalog'>,
  order: Order,
): Promise<Result<'gone', ServiceUnavailable>> {
  const returned = await deps.catalog.returnSales({ holdId: order.id, variantIds: variantIdsOf(order.lines) })
  return returned.ok ? ok('gone') : returned
}
