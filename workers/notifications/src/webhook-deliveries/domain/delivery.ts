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

/** What came of an attempt, and what the endpoint answered. */
export type Answer = {
  /** 2xx. */
  isAccepted: boolean
  /** Absent without an answer. */
  status?: number
  /** Its beginning. */
  body?: string
  /** A code: why it failed. */
  failure?: string
}

/** `postponed`: the endpoint was not asked, for a reason that is not its own. That counts neither as an attempt nor against it. */
export type Attempt = (Answer & { isPostponed: false; durationMs: number }) | { isPostponed: true; failure: string }

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

/** Deliveries by key, in their order. */
export function byKey(due: readonly DueDelivery[]): DueDelivery[][] {
  const groups = Map.groupBy(due, ({ message }) => message.key ?? message.id)
  return [...groups.values()]
}
