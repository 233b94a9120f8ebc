import type { Position } from '@shop/kernel/pagination'
import type { EventType, ShopEvent } from './catalogue.ts'
import type { Consumer } from './define.ts'
import type { DeliveryStatus, Receipt } from './delivery.ts'

/** The delivery of one event to one consumer. */
export type Delivery = {
  consumer: Consumer
  status: DeliveryStatus
  /** Number of attempts. */
  attempts: number
  /** Time of the next attempt, while the delivery is pending. */
  nextAttemptAt: Date
  confirmedAt: Date | undefined
  /** The code of the last failure. */
  lastFailure: string | undefined
}

export type ListedEvent = ShopEvent & { deliveries: Delivery[] }

/** Filters events by a delivery; without filters, all events. */
export type EventQuery = {
  type?: EventType | undefined
  key?: string | undefined
  consumer?: Consumer | undefined
  status?: DeliveryStatus | undefined
  after?: Position | undefined
  limit: number
}

/** The backlog of a consumer, among the 1,000 oldest pending and the 1,000 oldest parked deliveries of a service. */
export type ConsumerLag = {
  consumer: Consumer
  pending: number
  parked: number
  /** Age in seconds of the oldest pending event; 0 where none is. */
  lagSeconds: number
}

/** The events of one service and their deliveries. Each call is one round trip to the database. */
export interface EventLog {
  /** See `EventSource.pullEvents`. Two concurrent callers get different events. */
  pull(request: { consumer: Consumer; limit: number; now: Date }): Promise<ShopEvent[]>
  /**
   * Records the outcomes of deliveries. An ended delivery stays as it is. The event that waited for an ended delivery of its key is due
   * now, even if its first attempt was planned for later.
   *
   * @returns how many events became due by that
   */
  settle(request: { consumer: Consumer; receipts: readonly Receipt[]; now: Date }): Promise<number>
  /** Newest first, by keyset over the id. */
  list(query: EventQuery): Promise<ListedEvent[]>
  /** Makes a delivery due now, whatever its status. False when it does not exist. */
  retry(request: { eventId: number; consumer: Consumer; now: Date }): Promise<boolean>
  /** Ends a pending or parked delivery. False when it does not exist or has ended. */
  skip(request: { eventId: number; consumer: Consumer; now: Date }): Promise<boolean>
  /**
   * Delivers again the events written from `from` until before `to`, oldest first and at most 1,000 per call, including
   * those that the consumer never received.
   *
   * @returns how many, and the id of the last one, if there may be more after it
   */
  replay(request: {
    consumer: Consumer
    types: readonly EventType[]
    from: Date
    to: Date
    afterId: number
    now: Date
  }): Promise<{ replayed: number; lastId: number | undefined }>
  lag(now: Date): Promise<ConsumerLag[]>
  /** Deletes events 30 days after they were written and every delivery was confirmed. */
  prune(now: Date): Promise<number>
}
