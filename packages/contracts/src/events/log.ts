import type { Position } from '@shop/kernel'
import type { EventType, ShopEvent } from './catalogue.ts'
import type { Consumer } from './define.ts'
import type { DeliveryStatus, Receipt } from './delivery.ts'

/** How far one consumer is with one event. */
export type Delivery = {
  consumer: Consumer
  status: DeliveryStatus
  /** How often it was tried. */
  attempts: number
  /** When it is tried next, while it is pending. */
  nextAttemptAt: Date
  confirmedAt: Date | undefined
  /** The code of the last failure. */
  lastFailure: string | undefined
}

export type ListedEvent = ShopEvent & { deliveries: Delivery[] }

/** Events with a delivery as asked for; all events where neither is given. */
export type EventQuery = {
  type?: EventType | undefined
  key?: string | undefined
  consumer?: Consumer | undefined
  status?: DeliveryStatus | undefined
  after?: Position | undefined
  limit: number
}

/** How far a consumer is behind. */
export type ConsumerLag = {
  consumer: Consumer
  pending: number
  parked: number
  /** Age in seconds of the oldest pending event; 0 where none is. */
  lagSeconds: number
}

/** The events of one service and their deliveries. Each call is one round trip to the database. */
export interface EventLog {
  /** See `EventSource.pullEvents`. Two callers at once get different events. */
  pull(request: { consumer: Consumer; limit: number; now: Date }): Promise<ShopEvent[]>
  /** Writes down what came of deliveries. One that is over already stays as it is. */
  settle(request: { consumer: Consumer; receipts: readonly Receipt[]; now: Date }): Promise<void>
  /** Newest first, by keyset over the id. */
  list(query: EventQuery): Promise<ListedEvent[]>
  /** Makes a delivery due now, whatever became of it. False where there is none. */
  retry(request: { eventId: number; consumer: Consumer; now: Date }): Promise<boolean>
  /** Ends a delivery that is pending or parked. False where there is none, or it is over. */
  skip(request: { eventId: number; consumer: Consumer; now: Date }): Promise<boolean>
  /**
   * Delivers again what was written from `from` until before `to`, at most 1,000 events a call, oldest first; also what
   * the consumer never had.
   *
   * @returns how many, and the id of the last: where it is given, there may be more after it
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
