import type { Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
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
