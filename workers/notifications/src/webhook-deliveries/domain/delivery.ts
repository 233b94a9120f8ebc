import type { WebhookDeliveryStatus } from '@shop/contracts/notifications/states'
import type { WebhookMessage } from './message.ts'

/** A message that is due for an endpoint. */
export type DueDelivery = {
  message: WebhookMessage
  /** Number of attempts before. */
  attempts: number
  /** When it was to be sent, or sent again. */
  queuedAt: Date
}

/** The response of an endpoint: some of the headers, and the beginning of the body. */
export type EndpointResponse = { status: number; headers: Record<string, string>; body: string }

/** The outcome of a request. */
export type Answer = {
  /** 2xx. */
  isAccepted: boolean
  /** Absent without an answer. */
  response?: EndpointResponse
  /** A code for why the request failed; docs/webhooks.md lists them. */
  failure?: string
}

/** `isPostponed`: no request was sent, for a reason on the shop's side. It does not count as an attempt or a failure. */
export type Attempt =
  | (Answer & { isPostponed: false; startedAt: Date; durationMs: number })
  | { isPostponed: true; failure: string }

/** An attempt as it is kept. */
export type PastAttempt = {
  startedAt: Date
  url: string
  response: EndpointResponse | undefined
  durationMs: number
  failure: string | undefined
}

/** The most attempts of a delivery that are kept. */
export const MOST_PAST_ATTEMPTS = 20

/** A delivery as it is shown. */
export type WebhookDelivery = {
  message: WebhookMessage
  status: WebhookDeliveryStatus
  attempts: number
  /** Of one that is pending. */
  nextAttemptAt: Date | undefined
  createdAt: Date
  deliveredAt: Date | undefined
  /** Of the last attempt. */
  response: { status: number; body: string } | undefined
  durationMs: number | undefined
  failure: string | undefined
}

/** `history`: its newest {@link MOST_PAST_ATTEMPTS} attempts, oldest first. */
export type WebhookDeliveryDetails = WebhookDelivery & { history: PastAttempt[] }

/** Deliveries by key, in their order. */
export function byKey(due: readonly DueDelivery[]): DueDelivery[][] {
  const groups = Map.groupBy(due, ({ message }) => message.key ?? message.id)
  return [...groups.values()]
}
