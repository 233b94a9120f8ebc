import type { Result, ServiceUnavailable } from '@shop/kernel'
import type { OrdersDeps } from '../deps.ts'
import type { Order } from '../orders/domain/order.ts'
import { variantIdsOf } from './domain/stock-lines.ts'

/** Releases the holds of this order and no others. If that fails, they expire. */
export function releaseStock(
  deps: Pick<OrdersDeps, 'catalog'>,
  order: Pick<Order, 'id' | 'lines'>,
): Promise<Result<undefined, ServiceUnavailable>> {
  return deps.catalog.releaseHolds({ holdId: order.id, variantIds: variantIdsOf(order.lines) })
}
