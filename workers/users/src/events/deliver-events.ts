import type { ShopEvent } from '@shop/contracts/events/catalogue'
import { deliverDue } from '@shop/contracts/events/deliver-due'
import type { Receipt } from '@shop/contracts/events/delivery'
import type { SweptBatch } from '@shop/contracts/service'
import type { DeliveredUsersEvent, UsersEventsReceiver } from '@shop/contracts/users/delivered-events'
import { log } from '@shop/http/log'
import type { UsersDeps } from '../deps.ts'

/** Each is one call of the receiver, however many events it has. */
const BATCH = 20

type DeliverDeps = Pick<UsersDeps, 'events' | 'now' | 'receivers'>

/** Delivers a batch of due events to a service that users may call, in the order of each key. */
export function deliverEvents(deps: DeliverDeps, receiver: UsersEventsReceiver): Promise<SweptBatch> {
  const warn = (event: string, fields: Record<string, unknown>) => log('warn', event, fields)
  return deliverDue({ events: deps.events, now: deps.now, warn }, { consumer: receiver, limit: BATCH }, (due) =>
    deliver(deps, receiver, due),
  )
}

async function deliver(deps: DeliverDeps, receiver: UsersEventsReceiver, due: ShopEvent[]): Promise<Receipt[]> {
  // The log of users has events of users only.
  const received = await deps.receivers[receiver].receiveUsersEvents(due as DeliveredUsersEvent[])
  if (received.ok) return received.value
  return due.map(({ id }) => ({ eventId: id, outcome: 'failed', failure: received.failure.code }))
}
