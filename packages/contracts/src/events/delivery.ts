import type { Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import { EVENTS, isEventType, type ShopEvent } from './catalogue.ts'
import type { Consumer } from './define.ts'

/** `pending`: to be delivered. `done`, `skipped`: ended. `parked`: failed too often; staff retry or skip it. */
export const DELIVERY_STATUSES = ['pending', 'done', 'skipped', 'parked'] as const
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number]

/**
 * The outcome of an event at its consumer. `skipped`: there was nothing to do, since its subject no longer exists.
 *
 * `failure` is a code. `service_unavailable` and `not_yet` are retried without limit; after ten others the delivery is
 * parked, and later events of the key are delivered without it.
 */
export type Receipt =
  | { eventId: number; outcome: 'done' | 'skipped' }
  | { eventId: number; outcome: 'failed'; failure: string }

/** Failures that say nothing about the event itself. */
export const ENDLESSLY_RETRIED = ['service_unavailable', 'not_yet'] as const

/** After this many failures of another kind a delivery is parked. */
export const PARKED_AFTER_FAILURES = 10

/**
 * A service whose events are pulled, because its bindings may not call their consumer. A queue message only wakes the
 * consumer, which pulls the events here, so a lost message loses nothing.
 */
export interface EventSource {
  /**
   * The oldest undelivered event of each key, at most `limit`. Unconfirmed events are returned again, each time after a
   * longer delay.
   */
  pullEvents(request: { consumer: Consumer; limit: number }): Promise<Result<ShopEvent[], ServiceUnavailable>>

  /** Records the outcomes of events. Confirming twice changes nothing. */
  confirmEvents(request: { consumer: Consumer; receipts: Receipt[] }): Promise<Result<undefined, ServiceUnavailable>>
}

/** An event whose payload does not match the event catalogue: a bug, or a consumer older than the sender. */
export type InvalidEvent = { code: 'invalid_event' }

/** True for an event of a known type and version whose payload matches the event catalogue. */
export function isWellFormed(event: { type: string; version: number; payload: unknown }): boolean {
  if (!isEventType(event.type)) return false
  const { version, payload } = EVENTS[event.type]
  return version === event.version && payload.safeParse(event.payload).success
}
