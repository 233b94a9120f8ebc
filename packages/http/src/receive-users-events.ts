import { isWellFormed, type Receipt } from '@shop/contracts/events/delivery'
import type {
  DeliveredUsersEvent,
  UsersEventsReceiver,
  UsersEventTypeFor,
} from '@shop/contracts/users/delivered-events'
import { PARALLEL_CALLS } from '@shop/kernel/parallel-calls'
import { ok, type Result } from '@shop/kernel/result'
import pMap from 'p-map'
import { isUnavailable } from './errors.ts'
import { log } from './log.ts'

/** What a handler did: `skipped` where the subject of the event no longer exists. */
export type Handled = Result<'done' | 'skipped', { code: string }>

/** A handler for each event of users that a service consumes. Each may run twice, with the same effect. */
export type UsersEventHandlers<C extends UsersEventsReceiver> = {
  [T in UsersEventTypeFor<C>]: (event: DeliveredUsersEvent<T>) => Promise<Handled>
}

/**
 * Gives each event to the handler of its type, several at a time. A failed event does not stop the others.
 *
 * An event without a handler was sent by a newer worker. It is refused, so that it is delivered again, and parked for staff if
 * no handler is deployed.
 */
export async function receiveUsersEvents<C extends UsersEventsReceiver>(
  handlers: UsersEventHandlers<C>,
  events: readonly DeliveredUsersEvent[],
): Promise<Result<Receipt[], never>> {
  // Each handler takes the type of event that it is listed under.
  const byType = new Map(Object.entries(handlers) as [string, Handler][])
  return ok(await pMap(events, (event) => receive(byType.get(event.type), event), { concurrency: PARALLEL_CALLS }))
}

type Handler = (event: DeliveredUsersEvent) => Promise<Handled>

async function receive(handler: Handler | undefined, event: DeliveredUsersEvent): Promise<Receipt> {
  const { id: eventId, type } = event
  if (handler === undefined || !isWellFormed(event)) return { eventId, outcome: 'failed', failure: 'invalid_event' }
  try {
    const handled = await handler(event)
    return handled.ok
      ? { eventId, outcome: handled.value }
      : { eventId, outcome: 'failed', failure: handled.failure.code }
  } catch (error) {
    log('warn', 'event_failed', { eventId, type, error })
    return { eventId, outcome: 'failed', failure: isUnavailable(error) ? 'service_unavailable' : 'internal_error' }
  }
}
