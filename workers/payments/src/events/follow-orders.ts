import type { ShopEvent } from '@shop/contracts/events/catalogue'
import { isWellFormed, type Receipt } from '@shop/contracts/events/delivery'
import { MORE, type SweptBatch } from '@shop/contracts/service'
import type { PaymentsDeps } from '../deps.ts'
import { mapJoined } from '../jobs/for-each.ts'
import { type ApplyDeps, applyOrderEvent } from './internal/apply-order-event.ts'

type FollowDeps = ApplyDeps & Pick<PaymentsDeps, 'joinOrders'>

/** Small, so that applied events are confirmed soon: Stripe may take seconds for each. */
const BATCH = 10

/**
 * Pulls the events of orders and applies them. They are pulled because bindings are acyclic; an unconfirmed event is pulled again.
 * Confirming a cancellation frees the order's stock.
 *
 * @returns how many events were pulled; those that fail are not pulled again at once
 */
export async function followOrders(deps: FollowDeps): Promise<SweptBatch> {
  const pulled = await deps.orders.pullEvents({ consumer: 'payments', limit: BATCH })
  if (!pulled.ok || pulled.value.length === 0) return { done: 0 }
  const receipts = await mapJoined(deps, pulled.value, receive)
  await deps.orders.confirmEvents({ consumer: 'payments', receipts })
  const count = pulled.value.length
  const mayBeMore = count === BATCH || receipts.some(({ outcome }) => outcome !== 'failed')
  return { done: count, next: mayBeMore ? MORE : undefined }
}

async function receive(deps: FollowDeps, event: ShopEvent): Promise<Receipt> {
  const failed = (failure: string): Receipt => ({ eventId: event.id, outcome: 'failed', failure })
  if (!isWellFormed(event)) return failed('invalid_event')
  try {
    const applied = await applyOrderEvent(deps, event)
    if (applied === 'invalid_event' || applied === 'not_yet') return failed(applied)
    return { eventId: event.id, outcome: applied }
  } catch (error) {
    deps.warn('order_event_failed', { eventId: event.id, type: event.type, key: event.key, error })
    return failed('service_unavailable')
  }
}
