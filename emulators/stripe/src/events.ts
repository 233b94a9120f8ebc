import Stripe from 'stripe'
import { Deliveries } from './deliveries.ts'
import { type Endpoint, found } from './endpoint.ts'
import { noSuch } from './errors.ts'
import { newId } from './ids.ts'
import { listEndpoint } from './list.ts'
import type { StripeObject } from './objects.ts'
import { Params } from './params.ts'
import type { Store } from './store.ts'

/** The API version events are written in: the one the installed stripe package is pinned to. */
export const API_VERSION = Stripe.API_VERSION

export interface EventSource {
  requestId: string | null
  idempotencyKey: string | null
}

/** Writes an event, with the object as it is now; to be called in the transaction that changed the object. */
export function recordEvent(
  store: Store,
  type: Stripe.Event.Type,
  object: StripeObject,
  { previous, source, now }: { previous?: object | undefined; source: EventSource; now: number },
): string {
  const event = {
    id: newId('evt'),
    object: 'event',
    api_version: API_VERSION,
    created: now,
    data: previous ? { object, previous_attributes: previous } : { object },
    livemode: false,
    pending_webhooks: 1,
    request: { id: source.requestId, idempotency_key: source.idempotencyKey },
    type,
  }
  // Stripe.Event is a union that pairs each type with its object; callers pass matching pairs, which is not provable.
  store.insert('event', event as unknown as Stripe.Event)
  return event.id
}

/** The event as the API shows it: `pending_webhooks` counts the endpoints that have not yet answered 2xx. */
export function eventView(event: Stripe.Event, store: Store): Stripe.Event {
  return { ...event, pending_webhooks: Deliveries.isPending(store, event.id) ? 1 : 0 }
}

export const retrieveEvent: Endpoint = {
  method: 'GET',
  path: '/v1/events/:id',
  answers: 'event',
  prepare({ id, form }) {
    new Params(form, { takes: [] })
    return ({ store }) => eventView(found(store.find('event', id), noSuch('event', id, 'id')), store)
  },
}

export const listEvents = listEndpoint({
  kind: 'event',
  path: '/v1/events',
  events: true,
  view: eventView,
})
