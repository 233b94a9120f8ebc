import { ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { OrdersDeps } from '../deps.ts'
import type { Order } from '../orders/domain/order.ts'
import { holdsOf, variantIdsOf } from './domain/stock-lines.ts'

/** Releases the holds of this order and no others. If that fails, they expire. */
export async function releaseStock(
  deps: Pick<OrdersDeps, 'catalog'>,
  order: Pick<Order, 'id' | 'lines'>,
): Promise<Result<undefined, ServiceUnavailable>> {
  const released = await Promise.all(
    holdsOf(order).map(({ holdId, lines }) => deps.catalog.releaseHolds({ holdId, variantIds: variantIdsOf(lines) })),
  )
  return released.find(({ ok: isReleased }) => !isReleased) ?? ok()
}
