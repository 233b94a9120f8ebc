import type { ShopEvent } from '@shop/contracts/events/catalogue'
import { isWellFormed, type Receipt } from '@shop/contracts/events/delivery'
import type { NotificationsDeps } from '../deps.ts'
import type { EventSourceName } from '../mails/domain/mail.ts'
import { messageOf, type WebhookMessage } from './domain/message.ts'

type EnqueueDeps = Pick<NotificationsDeps, 'webhookDeliveries' | 'now' | 'warn'>

/**
 * Writes events of a service down for the endpoints that want them. They are confirmed only after that, so none is lost; one that
 * comes again is the same message.
 *
 * @returns a receipt for each event
 */
export async function enqueueEvents(
  deps: EnqueueDeps,
  source: EventSourceName,
  events: readonly ShopEvent[],
): Promise<Receipt[]> {
  const messages = await Promise.all(events.map((event) => readEvent(deps, source, event)))
  const wellFormed = messages.filter((message) => message !== undefined)
  if (wellFormed.length > 0) await deps.webhookDeliveries.enqueue(wellFormed, deps.now())
  return events.map(({ id: eventId }, index) =>
    messages[index] === undefined
      ? { eventId, outcome: 'failed', failure: 'invalid_event' }
      : { eventId, outcome: 'done' },
  )
}

/** Undefined for an event that this version cannot read: one of many must not hold up the others. */
async function readEvent(
  { warn }: EnqueueDeps,
  source: EventSourceName,
  event: ShopEvent,
): Promise<WebhookMessage | undefined> {
  try {
    if (isWellFormed(event)) return await messageOf(source, event)
  } catch (error) {
    warn('webhook_event_unreadable', { source, eventId: event.id, type: event.type, error })
  }
  return undefined
}
