import type { Order, OrderNotFound } from '@shop/contracts'
import { fail, ok, type Result, type ServiceUnavailable } from '@shop/kernel'
import { stockLinesOf, variantIdsOf } from '../domain/pricing.ts'
import { callOff, noteSold } from '../domain/stock-facts.ts'
import type { OrdersDeps } from '../ports.ts'
import { changeOrder, orLater, SYSTEM } from './change-order.ts'

/**
 * Takes the lines of an order that was paid or authorized out of stock, all of them or none. If the units of a line are
 * gone for good, the order is cancelled. Any part may run again.
 *
 * @returns `gone` when the order is cancelled, so that its money goes back
 */
export async function sellStock(
  deps: OrdersDeps,
  order: Order,
): Promise<Result<'sold' | 'gone', OrderNotFound | ServiceUnavailable>> {
  if (order.status === 'cancelled') return ok('gone')
  if (order.stockCommitted) return ok('sold')
  const target = { orderId: order.id, actor: SYSTEM, known: order }
  const sold = await deps.catalog.commitHolds({ holdId: order.id, lines: stockLinesOf(order.lines) })
  if (sold.ok) {
    const noted = await changeOrder(deps, target, (current) => ok(noteSold(current)))
    if (!noted.ok) return orLater(noted)
    return noted.value.status === 'cancelled' ? giveBack(deps, order) : ok('sold')
  }
  if (sold.failure.code === 'service_unavailable') return fail(sold.failure)
  const cancelled = orLater(await changeOrder(deps, target, callOff))
  return cancelled.ok ? ok('gone') : cancelled
}

/** The order was cancelled while its stock was being taken, and its stock may have been returned before that. */
async function giveBack(deps: OrdersDeps, order: Order): Promise<Result<'gone', ServiceUnavailable>> {
  const returned = await deps.catalog.returnSales({ holdId: order.id, variantIds: variantIdsOf(order.lines) })
  return returned.ok ? ok('gone') : returned
}
