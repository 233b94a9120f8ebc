import type { ShopEvent } from '@shop/contracts/events/catalogue'
import { isWellFormed, type Receipt } from '@shop/contracts/events/delivery'
import { isId } from '@shop/kernel/ids'
import type { PaymentsDeps } from '../deps.ts'
import { mapConcurrently } from '../jobs/for-each.ts'
import { captureShippedOrder, type ShippedDeps } from '../payments/capture-shipped-order.ts'
import { reverseCancelledOrder } from '../payments/reverse-cancelled-order.ts'

type FollowDeps = ShippedDeps & Pick<PaymentsDeps, 'orders'>

/**
 * Captures the payments of shipped orders and reverses those of cancelled ones. Their events are pulled, since bindings
 * are acyclic; an unconfirmed event is returned again. Confirming a cancellation frees the order's stock.
 *
 * @returns how many events were pulled
 */
export async function followOrders(deps: FollowDeps, limit: number): Promise<number> {
  const pulled = await deps.orders.pullEvents({ consumer: 'payments', limit })
  if (!pulled.ok || pulled.value.length === 0) return 0
  const receipts = await mapConcurrently(pulled.value, (event) => receive(deps, event))
  await deps.orders.confirmEvents({ consumer: 'payments', receipts })
  return pulled.value.length
}

async function receive(deps: FollowDeps, event: ShopEvent): Promise<Receipt> {
  const failed = (failure: string): Receipt => ({ eventId: event.id, outcome: 'failed', failure })
  if (!isWellFormed(event)) return failed('invalid_event')
  if (event.type !== 'order.cancelled' && event.type !== 'order.shipped')
    return { eventId: event.id, outcome: 'skipped' }
  const { orderId } = event.payload
  if (!isId('order', orderId)) return failed('invalid_event')
  try {
    const isDone =
      event.type === 'order.cancelled'
        ? await reverseCancelledOrder(deps, orderId)
        : await captureShippedOrder(deps, orderId)
    return isDone ? { eventId: event.id, outcome: 'done' } : failed('not_yet')
  } catch (error) {
    deps.warn('order_event_failed', { eventId: event.id, type: event.type, orderId, error })
    return failed('service_unavailable')
  }
}
