import { EVENTS, type EventType, isEventType } from '@shop/contracts/events/catalogue'
import { CONSUMERS } from '@shop/contracts/events/define'
import { DELIVERY_STATUSES } from '@shop/contracts/events/delivery'
import type { Delivery, ListedEvent } from '@shop/contracts/events/log'
import { CursorParam, isInstantText, LimitParam, NextCursor } from '@shop/kernel/pagination'
import { Instant, text } from '@shop/kernel/text'
import { EVENT_SERVICES } from '@shop/services'
import { z } from 'zod'

export const ServiceParam = z
  .enum(EVENT_SERVICES.map(({ name }) => name))
  .meta({ description: 'Whose events', example: 'orders' })
export const EventIdParam = z
  .string()
  .regex(/^[1-9][0-9]{0,14}$/, 'must be a whole number of 1 or more')
  .transform(Number)
  .meta({ type: 'integer', description: 'Event id, unique in its service', example: 4711 })

const consumer = z.enum(CONSUMERS).meta({ description: 'Who takes the events', example: 'payments' })
const eventType = z
  .custom<EventType>((type) => typeof type === 'string' && isEventType(type), 'must be a type of event')
  .meta({ type: 'string', enum: Object.keys(EVENTS), example: 'order.paid' })

export const ListEventsQuery = z.object({
  type: eventType.optional(),
  key: text(1, 100).optional().meta({ description: 'What the events are about, such as an order id' }),
  consumer: consumer.optional(),
  status: z.enum(DELIVERY_STATUSES).optional().meta({ description: 'Of a delivery', example: 'parked' }),
  limit: LimitParam,
  cursor: CursorParam,
})

const EventView = z
  .strictObject({
    id: z.int().meta({ example: 4711 }),
    type: z.string().meta({ example: 'order.paid' }),
    version: z.int().meta({ description: "Of the payload's shape", example: 1 }),
    key: z.string().meta({ example: 'order_01jd4k2v9rf0fv8z3x1m5q7w2e' }),
    sequence: z.int().meta({ description: 'The version of what the key names after the change', example: 2 }),
    payload: z.record(z.string(), z.unknown()).meta({ description: 'Ids, states, and amounts in minor units' }),
    created_at: Instant,
    deliveries: z.array(
      z.strictObject({
        consumer: z.string().meta({ example: 'payments' }),
        status: z.enum(DELIVERY_STATUSES).meta({
          description: '`parked`: failed ten times for another reason than an outage; retry or skip it',
          example: 'done',
        }),
        attempts: z.int().meta({ example: 1 }),
        next_attempt_at: Instant.nullable().meta({ description: 'While it is pending' }),
        confirmed_at: Instant.nullable(),
        last_failure: z.string().nullable().meta({ example: null }),
      }),
    ),
  })
  .meta({ id: 'ShopEvent' })

export const EventPage = z
  .strictObject({ events: z.array(EventView), next_cursor: NextCursor })
  .meta({ id: 'EventPage' })

export const DeliveryBody = z.strictObject({ consumer }).meta({ id: 'DeliveryRequest' })
export const DeliveryChanged = z
  .strictObject({ message: z.string().meta({ example: 'The event is delivered again' }) })
  .meta({ id: 'DeliveryChanged' })

/** With its offset applied it may leave the years that Postgres reads as they are written. */
const instant = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .refine((instant) => isInstantText(instant.toISOString()), 'must be in the years 1 to 9999')

export const ReplayBody = z
  .strictObject({
    consumer,
    types: z.array(eventType).min(1).optional().meta({ description: 'All that the consumer takes, if left out' }),
    from: instant.meta({
      type: 'string',
      format: 'date-time',
      description: 'The first instant',
      example: '2026-11-23T10:00:00Z',
    }),
    to: instant.meta({
      type: 'string',
      format: 'date-time',
      description: 'The instant after the last',
      example: '2026-11-23T11:00:00Z',
    }),
    after: z.int().min(0).optional().meta({ description: '`next_after` of the call before', example: 0 }),
  })
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'must be after from' })
  .meta({ id: 'ReplayEventsRequest' })

export const ReplayedEvents = z
  .strictObject({
    replayed: z.int().meta({ description: 'Events that are delivered again', example: 12 }),
    next_after: z
      .int()
      .nullable()
      .meta({ description: 'Pass as `after` for the rest; null when all are done', example: null }),
  })
  .meta({ id: 'ReplayedEvents' })

export function toEventView({ id, type, version, key, sequence, payload, createdAt, deliveries }: ListedEvent) {
  return {
    id,
    type,
    version,
    key,
    sequence,
    payload: { ...payload },
    created_at: createdAt.toISOString(),
    deliveries: deliveries.map(toDeliveryView),
  }
}

function toDeliveryView({ consumer, status, attempts, nextAttemptAt, confirmedAt, lastFailure }: Delivery) {
  return {
    consumer,
    status,
    attempts,
    next_attempt_at: status === 'pending' ? nextAttemptAt.toISOString() : null,
    confirmed_at: confirmedAt?.toISOString() ?? null,
    last_failure: lastFailure ?? null,
  }
}
