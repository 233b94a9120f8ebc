import type { ShopEvent } from '@shop/contracts/events/catalogue'
import { deliverDue } from '@shop/contracts/events/deliver-due'
import type { Receipt } from '@shop/contracts/events/delivery'
import type { SweptBatch } from '@shop/contracts/service'
import type { UsersEventsReceiver } from '@shop/contracts/users/delivered-events'
import { log } from '@shop/http/log'
import type { UsersDeps } from '../deps.ts'
import { type DetailsDeps, withDetails } from './internal/with-details.ts'

/** Each is one call of the receiver, however many events it has. */
const BATCH = 20

type DeliverDeps = DetailsDeps & Pick<UsersDeps, 'events' | 'now' | 'receivers'>

/** Delivers a batch of due events to a service that users may call, in the order of each key. */
export function deliverEvents(deps: DeliverDeps, receiver: UsersEventsReceiver): Promise<SweptBatch> {
  const warn = (event: string, fields: Record<string, unknown>) => log('warn', event, fields)
  return deliverDue({ events: deps.events, now: deps.now, warn }, { consumer: receiver, limit: BATCH }, (due) =>
    deliver(deps, receiver, due),
  )
}

async function deliver(deps: DeliverDeps, receiver: UsersEventsReceiver, due: ShopEvent[]): Promise<Receipt[]> {
  const events = await withDetails(deps, due)
  const told = new Set(events.map(({ id }) => id))
  const gone = due.filter(({ id }) => !told.has(id)).map(({ id }): Receipt => ({ eventId: id, outcome: 'skipped' }))
  if (events.length === 0) return gone
  const received = await deps.receivers[receiver].receiveUsersEvents(events)
  return [...gone, ...(received.ok ? received.value : events.map(({ id }) => failed(id, received.failure.code)))]
}

const failed = (eventId: number, failure: string): Receipt => ({ eventId, outcome: 'failed', failure })
