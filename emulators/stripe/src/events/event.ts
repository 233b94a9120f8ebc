import Stripe from 'stripe'
import { type Endpoint, found } from '../api/endpoint.ts'
import { noSuch } from '../api/errors.ts'
import { listEndpoint } from '../api/list.ts'
import { Params } from '../api/params.ts'
import { newId } from '../store/ids.ts'
import type { StripeObject } from '../store/objects.ts'
import type { Store } from '../store/store.ts'
import { Deliveries } from '../webhooks/deliveries.ts'

/** The API version of events: the one that the installed stripe package pins. */
export const API_VERSION = Stripe.API_VERSION

export interface EventSource {
  requestId: string | null
  idempotencyKey: string | null
}

/** Records an event with the object's current state. Call it in the transaction that changed the object. */
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
  // Stripe.Event is a union that pairs each type with its object. The compiler cannot prove that the pair matches.
  store.insert('event', event as unknown as Stripe.Event)
  return event.id
}

/** The event as the API returns it: `pending_webhooks` counts the endpoints that have not answered 2xx. */
export function eventView(event: Stripe.Event, store: Store): Stripe.Event {
  return { ...event, pending_webhooks: Deliveries.isPending(store, event.id) ? 1 : 0 }
}

/**
 * The event as an endpoint with thin payloads receives it: it names its object, which has to be retrieved.
 *
 * Source: https://docs.stripe.com/event-destinations#thin-events
 */
export function thinEvent({ id, type, created, livemode, data }: Stripe.Event): object {
  // Each object of an event has both.
  const { id: objectId, object } = data.object as { id: string; object: string }
  return {
    id,
    object: 'v2.core.event',
    type: `v1.${type}`,
    created: new Date(created * 1_000).toISOString(),
    livemode,
    context: null,
    reason: null,
    related_object: { id: objectId, type: object, url: `/v1/${object}s/${objectId}` },
  }
}

export const retrieveEvent: Endpoint = {
  method: 'GET',
  path: '/v1/events/:id',
  answers: 'event',
  prepare({ id, form }) {
    new Params(form, { accepts: [] })
    return ({ store }) => eventView(found(store.find('event', id), noSuch('event', id, 'id')), store)
  },
}

export const listEvents = listEndpoint({
  kind: 'event',
  path: '/v1/events',
  events: true,
  view: eventView,
})
