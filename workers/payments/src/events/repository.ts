import type { Db } from '@shop/db'
import { claimEvents, confirmEventByKey, type OutboxEvent, pruneEvents } from '@shop/db/outbox'
import { paymentsOutbox } from '@shop/db/schema/payments'
import type { PaymentAnnouncement } from '../payments/domain/outcome.ts'
import type { RefundAnnouncement } from '../refunds/domain/refund.ts'

export const PAYMENT_CAPTURED = 'payment.captured'
export const PAYMENT_AUTHORIZED = 'payment.authorized'
export const PAYMENT_AUTHORIZATION_LOST = 'payment.authorization_lost'
export const PAYMENT_REFUNDED = 'payment.refunded'
export const PAYMENT_REFUND_RETURNED = 'payment.refund_returned'

const KINDS = {
  captured: PAYMENT_CAPTURED,
  authorized: PAYMENT_AUTHORIZED,
  authorization_lost: PAYMENT_AUTHORIZATION_LOST,
  refunded: PAYMENT_REFUNDED,
  refund_returned: PAYMENT_REFUND_RETURNED,
} as const

/** What orders has to be told. */
export type Announcement = PaymentAnnouncement | RefundAnnouncement

export type EventRepository = ReturnType<typeof eventRepository>

/** Events for orders, in the outbox until orders has confirmed them; each call is one round trip. */
export const eventRepository = (db: Db) => ({
  /** Claims events that orders has not confirmed, each for one caller. */
  async claim(options: { limit: number; now: Date }): Promise<(Announcement & { id: number })[]> {
    const events = await claimEvents(db, paymentsOutbox, { kinds: Object.values(KINDS), ...options })
    return events.map(toAnnouncement)
  },

  /**
   * Confirms an event by its name.
   *
   * @param event.key the refund's id for `refunded` and `refund_returned`, else the payment's
   */
  confirm: (event: { kind: Announcement['kind']; key: string; now: Date }): Promise<void> =>
    confirmEventByKey(db, paymentsOutbox, { ...event, kind: KINDS[event.kind] }),

  prune: (now: Date): Promise<number> => pruneEvents(db, paymentsOutbox, now),
})

function toAnnouncement({ id, kind, payload }: OutboxEvent): Announcement & { id: number } {
  const [name] = Object.entries(KINDS).find(([, stored]) => stored === kind) ?? []
  // The statements of payments and refunds wrote the payloads, with these types.
  return { kind: name, id, payment: payload } as Announcement & { id: number }
}
