import type { Db } from '@shop/db'
import { claimEvents, confirmEvent, pruneEvents } from '@shop/db/outbox'
import { ordersOutbox } from '@shop/db/schema/orders'
import { isId, type OrderId } from '@shop/kernel'
import { type SQL, sql } from 'drizzle-orm'
import type { Announcement } from '../orders/domain/order.ts'

const KINDS = { cancelled: 'order.cancelled', shipped: 'order.shipped' } as const satisfies Record<Announcement, string>

type Pulled = { eventId: number; orderId: OrderId }

export type AnnouncementRepository = ReturnType<typeof announcementRepository>

/** What payments pull and confirm. */
export const announcementRepository = (db: Db) => ({
  /** Unconfirmed announcements that are due, at most `limit`; see {@link claimEvents}. */
  async pull(kind: Announcement, options: { limit: number; now: Date }): Promise<Pulled[]> {
    const events = await claimEvents(db, ordersOutbox, { kinds: [KINDS[kind]], ...options })
    return events.map(({ id, key }) => {
      if (!isId('order', key)) throw new Error(`Malformed order id in event ${id}`)
      return { eventId: id, orderId: key }
    })
  },

  confirm: (eventId: number, now: Date) => confirmEvent(db, ordersOutbox, { id: eventId, now }),

  /** Deletes announcements that were confirmed more than a week ago. */
  prune: (now: Date) => pruneEvents(db, ordersOutbox, now),
})

/**
 * Statement part: an INSERT that announces each row of `source`, a CTE with the columns id and updated_at of orders.
 * Announcing an order twice changes nothing.
 */
export const announceFrom = (source: SQL, kind: Announcement): SQL => sql`
  insert into orders.outbox (kind, key, payload, created_at, next_attempt_at)
  select ${KINDS[kind]}::text, id, jsonb_build_object('orderId', id), updated_at, updated_at from ${source}
  on conflict (kind, key) do nothing`

/** Statement part: whether the announcement of this order exists and is unconfirmed. */
export const isAnnouncementOpen = (kind: Announcement, orderId: SQL): SQL => sql`exists (
  select 1 from orders.outbox event
  where event.kind = ${KINDS[kind]} and event.key = ${orderId} and event.confirmed_at is null)`
