import type { EventType } from '@shop/contracts/events/catalogue'
import type { WebhookDisabledReason, WebhookEndpointStatus } from '@shop/contracts/notifications/states'
import type { WebhookEndpointId } from '@shop/kernel/ids'
import type { Sealed } from '@shop/kernel/sealer'
import { addSeconds } from '@shop/kernel/time'

/** All public events, those of later versions of the shop too. */
export const ALL_EVENTS = '*'
export type EventFilter = typeof ALL_EVENTS | EventType

/** The most endpoints of a shop. Each event is stored once for each endpoint that subscribes to it. */
export const MOST_ENDPOINTS = 50

/** A system outside the shop that gets its events. */
export type WebhookEndpoint = {
  id: WebhookEndpointId
  url: string
  events: readonly EventFilter[]
  description: string
  status: WebhookEndpointStatus
  /** Of a disabled one. */
  disabledReason: WebhookDisabledReason | undefined
  /** The first failure since the last delivery that succeeded. */
  failingSince: Date | undefined
  secret: Sealed
  /** The secret before the last rotation, which signs too until then. */
  formerSecret: { sealed: Sealed; until: Date } | undefined
  createdAt: Date
  updatedAt: Date
  version: number
}

export type EndpointChanges = {
  url?: string | undefined
  events?: readonly EventFilter[] | undefined
  description?: string | undefined
  status?: WebhookEndpointStatus | undefined
}

/** How long the secret before a rotation signs too: so long receivers have time to take the new one. */
const FORMER_SECRET_HOURS = 24

/** The filters as they are kept: each once, and `*` alone, since it says everything. */
export const filtersOf = (events: readonly EventFilter[]): EventFilter[] =>
  events.includes(ALL_EVENTS) ? [ALL_EVENTS] : [...new Set(events)]

/** The endpoint after a change by staff. Enabling it, or another URL, begins afresh: what failed before no longer counts. */
export function changed(endpoint: WebhookEndpoint, changes: EndpointChanges, now: Date): WebhookEndpoint {
  const { url = endpoint.url, events, description = endpoint.description, status = endpoint.status } = changes
  const isDisabled = status === 'disabled'
  const isFresh = url !== endpoint.url || status !== endpoint.status
  return {
    ...endpoint,
    ...{ url, description, status },
    events: events === undefined ? endpoint.events : filtersOf(events),
    disabledReason: isDisabled ? (endpoint.disabledReason ?? 'by_staff') : undefined,
    failingSince: isFresh ? undefined : endpoint.failingSince,
    updatedAt: now,
    version: endpoint.version + 1,
  }
}

/** The endpoint with a new secret; the one that it had signs too for a day. */
export function rotated(endpoint: WebhookEndpoint, secret: Sealed, now: Date): WebhookEndpoint {
  const until = addSeconds(now, FORMER_SECRET_HOURS * 3_600)
  return {
    ...endpoint,
    secret,
    formerSecret: { sealed: endpoint.secret, until },
    updatedAt: now,
    version: endpoint.version + 1,
  }
}

/** What signs now, the newest first. */
export function signingSecrets({ secret, formerSecret }: WebhookEndpoint, now: Date): Sealed[] {
  return formerSecret !== undefined && now < formerSecret.until ? [secret, formerSecret.sealed] : [secret]
}
