import type { Consumer } from '@shop/contracts/events/define'
import type { Receipt } from '@shop/contracts/events/delivery'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { OrdersDeps } from '../deps.ts'
import type { Order } from '../orders/domain/order.ts'
import { type FreeDeps, freeCancelledOrder } from '../stock/free-cancelled-order.ts'
import { forEachJoined } from '../stock/join-orders.ts'

type ConfirmDeps = FreeDeps & Pick<OrdersDeps, 'events' | 'cancellations' | 'joinCatalog' | 'warn'>

/**
 * Settles deliveries. Confirming `order.cancelled` first frees the order's stock. If that fails, the delivery stays open and
 * is repeated.
 *
 * Each cancellation is settled as soon as its stock is free: the call may run out of time, and then only the rest comes
 * again.
 *
 * @returns `service_unavailable` only when no receipt could be settled
 */
export async function confirmEvents(
  deps: ConfirmDeps,
  { consumer, receipts }: { consumer: Consumer; receipts: Receipt[] },
): Promise<Result<undefined, ServiceUnavailable>> {
  if (receipts.length === 0) return ok()
  const over = receipts.filter(({ outcome }) => outcome !== 'failed').map(({ eventId }) => eventId)
  const open = new Map(
    (await deps.cancellations.listOpen({ consumer, eventIds: over })).map((one) => [one.eventId, one]),
  )
  const others = receipts.filter(({ eventId }) => !open.has(eventId))
  if (others.length > 0) await deps.events.settle({ consumer, receipts: others, now: deps.now() })
  const cancellations = receipts.flatMap((receipt) => {
    const order = open.get(receipt.eventId)?.order
    return order === undefined ? [] : [{ receipt, order }]
  })
  const settled = await forEachJoined(deps, cancellations, (joined, { receipt, order }) =>
    isDone(joined, order, () => deps.events.settle({ consumer, receipts: [receipt], now: deps.now() })),
  )
  return others.length > 0 || settled.includes(true) ? ok() : fail({ code: 'service_unavailable' })
}

async function isDone(deps: ConfirmDeps, order: Order, settle: () => Promise<unknown>): Promise<boolean> {
  try {
    const freed = await freeCancelledOrder(deps, order)
    if (freed.ok) {
      await settle()
      return true
    }
    deps.warn('order_stock_not_freed', { orderId: order.id, code: freed.failure.code })
  } catch (error) {
    deps.warn('order_stock_not_freed', { orderId: order.id, error })
  }
  return false
}
