import type { z } from 'zod'
import { CATALOG_EVENTS } from './catalog.ts'
import type { Consumer, EventDefinition } from './define.ts'
import { NOTIFICATIONS_EVENTS } from './notifications.ts'
import { ORDERS_EVENTS } from './orders.ts'
import { PAYMENTS_EVENTS } from './payments.ts'
import { USERS_EVENTS } from './users.ts'

/**
 * Every event of the shop. Payloads carry ids, amounts and states; never names, addresses, free text or secrets, so
 * that events may be kept, logged and sent on.
 */
export const EVENTS = {
  ...USERS_EVENTS,
  ...CATALOG_EVENTS,
  ...ORDERS_EVENTS,
  ...PAYMENTS_EVENTS,
  ...NOTIFICATIONS_EVENTS,
} as const

export type EventType = keyof typeof EVENTS
export type EventPayload<T extends EventType> = z.output<(typeof EVENTS)[T]['payload']>

/**
 * An event as its consumer receives it. Delivered at least once; `id` is the same each time, and unique in its service.
 */
export type ShopEvent<T extends EventType = EventType> = {
  [K in T]: {
    id: number
    type: K
    /** Has the shape of the payload. */
    version: number
    /** Orders the events of one service: see {@link EventDefinition}. */
    key: string
    /** The version, after the change, of the entity that the key names. */
    sequence: number
    payload: EventPayload<K>
    createdAt: Date
  }
}[T]

export function isEventType(type: string): type is EventType {
  return Object.hasOwn(EVENTS, type)
}

/** Every type of event that the shop's webhook endpoints may get. */
export const PUBLIC_EVENTS: readonly EventType[] = Object.keys(EVENTS).filter(isEventType).filter(isPublicEvent)

function isPublicEvent(type: EventType): boolean {
  return EVENTS[type].isPublic
}

/** Who receives an event: the consumers that it lists, and the webhook endpoints if it is public. */
export function consumersOf(type: EventType): readonly Consumer[] {
  const { isPublic, consumers }: EventDefinition = EVENTS[type]
  return isPublic ? [...consumers, 'webhooks'] : consumers
}
