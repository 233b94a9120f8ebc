import type { Consumer, Receipt } from '@shop/contracts'
import { fail, ok, type Result, type ServiceUnavailable } from '@shop/kernel'
import pMap from 'p-map'
import type { OrdersDeps } from '../deps.ts'
import type { Order } from '../orders/domain/order.ts'
import { type FreeDeps, freeCancelledOrder } from '../stock/free-cancelled-order.ts'

const CONCURRENCY = 4

type ConfirmDeps = FreeDeps & Pick<OrdersDeps, 'events' | 'cancellations' | 'warn'>

/**
 * Settles deliveries. Confirming `order.cancelled` first frees the order's stock. If that fails, the delivery stays open and
 * is repeated.
 *
 * @returns `service_unavailable` only when no receipt could be settled
 */
export async function confirmEvents(
  deps: ConfirmDeps,
  { consumer, receipts }: { consumer: Consumer; receipts: Receipt[] },
): Promise<Result<undefined, ServiceUnavailable>> {
  const over = receipts.filter(({ outcome }) => outcome !== 'failed').map(({ eventId }) => eventId)
  const open = await deps.cancellations.listOpen({ consumer, eventIds: over })
  const freed = await pMap(open, ({ order }) => isFreed(deps, order), { concurrency: CONCURRENCY })
  const kept = new Set(open.filter((_, index) => freed[index] === false).map(({ eventId }) => eventId))
  const settled = receipts.filter(({ eventId }) => !kept.has(eventId))
  if (settled.length === 0 && receipts.length > 0) return fail({ code: 'service_unavailable' })
  await deps.events.settle({ consumer, receipts: settled, now: deps.now() })
  return ok()
}

async function isFreed(deps: ConfirmDeps, order: Order): Promise<boolean> {
  try {
    const freed = await freeCancelledOrder(deps, order)
    if (freed.ok) return true
    deps.warn('order_stock_not_freed', { orderId: order.id, code: freed.failure.code })
  } catch (error) {
    deps.warn('order_stock_not_freed', { orderId: order.id, error })
  }
  return false
}
