import type { Consumer } from '@shop/contracts/events/define'
import { Unavailable } from '@shop/kernel/unavailable'
import type { OrdersDeps } from '../deps.ts'
import { type FreeDeps, freeCancelledOrder } from '../stock/free-cancelled-order.ts'

/**
 * Gives a delivery up. Skipping `order.cancelled` first frees the order's stock, as confirming it does: nothing else would.
 * The order stays cancelled, so a payment that still succeeds is rejected and refunded.
 *
 * @returns false when there is no such delivery, or it is over
 * @throws Unavailable when the stock cannot be freed now; nothing is skipped then
 */
export async function skipDelivery(
  deps: FreeDeps & Pick<OrdersDeps, 'events' | 'cancellations'>,
  one: { eventId: number; consumer: Consumer; now: Date },
): Promise<boolean> {
  const open = await deps.cancellations.listOpen({ consumer: one.consumer, eventIds: [one.eventId] })
  for (const { order } of open) {
    const freed = await freeCancelledOrder(deps, order)
    if (!freed.ok) throw new Unavailable('stock')
  }
  return deps.events.skip(one)
}
