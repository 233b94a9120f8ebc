import type { Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { OrdersDeps } from '../deps.ts'
import type { Order } from '../orders/domain/order.ts'
import { releaseStock } from './release-stock.ts'
import { returnSales } from './return-sales.ts'

/**
 * Releases what a cancelled order holds and returns what it has sold, each unit once. The order of the two matters: once a
 * hold is released, a sale still under way cannot follow it.
 */
export async function freeStock(
  deps: Pick<OrdersDeps, 'catalog'>,
  order: Pick<Order, 'id' | 'lines'>,
): Promise<Result<undefined, ServiceUnavailable>> {
  const released = await releaseStock(deps, order)
  if (!released.ok) return released
  return returnSales(deps, order)
}
