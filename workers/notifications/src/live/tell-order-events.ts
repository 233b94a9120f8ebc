import type { ShopEvent } from '@shop/contracts/events/catalogue'
import { isWellFormed, type Receipt } from '@shop/contracts/events/delivery'
import { MORE, type SweptBatch } from '@shop/contracts/service'
import type { NotificationsDeps } from '../deps.ts'
import { messageOfEvent, type ShownEvent } from './domain/message.ts'
import { type TellLiveDeps, tellMessages } from './internal/tell-messages.ts'

const BATCH = 100

/** Tells a batch of events of orders to those who listen, and confirms them. What could not be told is returned again. */
export async function tellOrderEvents(deps: TellLiveDeps & Pick<NotificationsDeps, 'sources'>): Promise<SweptBatch> {
  const { orders } = deps.sources
  const pulled = await orders.pullEvents({ consumer: 'live', limit: BATCH })
  if (!pulled.ok || pulled.value.length === 0) return { done: 0 }
  const shown = pulled.value.filter(isShown)
  const failed = await tellMessages(deps, shown.filter(isNews).map(messageOfEvent))
  const receipts = pulled.value.map((event) => receiptOf(event, failed))
  await orders.confirmEvents({ consumer: 'live', receipts })
  const done = receipts.filter(({ outcome }) => outcome !== 'failed').length
  return done === 0 ? { done } : { done, next: MORE }
}

const SHOWN = new Set<string>([
  'order.authorized',
  'order.edited',
  'order.partially_paid',
  'order.paid',
  'order.shipped',
  'order.delivered',
  'order.cancelled',
  'order.refunded',
  'order.refund_returned',
  'shipment.shipped',
  'shipment.delivered',
] satisfies ShownEvent['type'][])

const isShown = (event: ShopEvent): event is ShownEvent => isWellFormed(event) && SHOWN.has(event.type)

/** The last shipment of an order is told as `order.shipped` and `order.delivered`. */
function isNews({ type, payload }: ShownEvent): boolean {
  if (type === 'shipment.shipped') return payload.status === 'processing'
  return type !== 'shipment.delivered' || payload.status !== 'delivered'
}

function receiptOf(event: ShopEvent, failed: ReadonlySet<string>): Receipt {
  const eventId = event.id
  if (!isShown(event)) return { eventId, outcome: 'failed', failure: 'invalid_event' }
  return failed.has(messageOfEvent(event).topic)
    ? { eventId, outcome: 'failed', failure: 'service_unavailable' }
    : { eventId, outcome: 'done' }
}
