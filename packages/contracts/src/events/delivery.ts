import type { Result, ServiceUnavailable } from '@shop/kernel'
import { EVENTS, isEventType, type ShopEvent } from './catalogue.ts'
import type { Consumer } from './define.ts'

/** `pending`: to be delivered. `done`, `skipped`: over. `parked`: failed too often; staff retry or skip it. */
export const DELIVERY_STATUSES = ['pending', 'done', 'skipped', 'parked'] as const
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number]

/**
 * What came of an event at its consumer. `skipped`: there was nothing to do, since what it is about is gone.
 *
 * `failure` is a code. `service_unavailable` and `not_yet` are tried again without end; after ten others the delivery
 * is parked, and the key goes on without it.
 */
export type Receipt =
  | { eventId: number; outcome: 'done' | 'skipped' }
  | { eventId: number; outcome: 'failed'; failure: string }

/** Failures that say nothing about the event itself. */
export const ENDLESSLY_RETRIED = ['service_unavailable', 'not_yet'] as const

/** After so many failures of another kind a delivery is parked. */
export const PARKED_AFTER_FAILURES = 10

/**
 * A service whose events are pulled, because it may not call their consumer. A queue message wakes the consumer; what
 * there is to do is here, so a lost message loses nothing.
 */
export interface EventSource {
  /**
   * The oldest undelivered event of each key, at most `limit`. The same ones come again, later each time, until they
   * are confirmed.
   */
  pullEvents(request: { consumer: Consumer; limit: number }): Promise<Result<ShopEvent[], ServiceUnavailable>>

  /** Says what came of events. Confirming twice changes nothing. */
  confirmEvents(request: { consumer: Consumer; receipts: Receipt[] }): Promise<Result<undefined, ServiceUnavailable>>
}

/** An event whose payload is not what the catalogue says: a bug, or a consumer older than the sender. */
export type InvalidEvent = { code: 'invalid_event' }

/** True for an event of a known type and version, whose payload is as the catalogue says. */
export function isWellFormed(event: { type: string; version: number; payload: unknown }): boolean {
  if (!isEventType(event.type)) return false
  const { version, payload } = EVENTS[event.type]
  return version === event.version && payload.safeParse(event.payload).success
}
