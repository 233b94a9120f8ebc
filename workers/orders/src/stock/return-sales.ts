import { ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { OrdersDeps } from '../deps.ts'
import type { Order } from '../orders/domain/order.ts'
import { holdsOf, variantIdsOf } from './domain/stock-lines.ts'

/** Returns what an order has sold, each unit once. */
export async function returnSales(
  deps: Pick<OrdersDeps, 'catalog'>,
  order: Pick<Order, 'id' | 'lines'>,
): Promise<Result<undefined, ServiceUnavailable>> {
  const returned = await Promise.all(
    holdsOf(order).map(({ holdId, lines }) => deps.catalog.returnSales({ holdId, variantIds: variantIdsOf(lines) })),
  )
  return returned.find(({ ok: isReturned }) => !isReturned) ?? ok()
}
