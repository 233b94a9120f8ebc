import { isId, type OrderId } from '@shop/kernel'
import type { Db } from '../../client.ts'
import { claimEvents, confirmEvent } from '../../outbox.ts'
import { ordersOutbox } from '../../schema/orders.ts'

/** What payments pull, and under which kind it waits for them. */
export const KINDS = { cancelled: 'order.cancelled', shipped: 'order.shipped' } as const

type Announced = { eventId: number; orderId: OrderId }

/** Takes what nobody has confirmed yet; see {@link claimEvents}. */
async function claim(db: Db, kind: keyof typeof KINDS, options: { limit: number; now: Date }): Promise<Announced[]> {
  const events = await claimEvents(db, ordersOutbox, { kinds: [KINDS[kind]], ...options })
  return events.map(({ id, key }) => {
    if (!isId('order', key)) throw new Error(`Malformed order id in event ${id}`)
    return { eventId: id, orderId: key }
  })
}

export const claimCancelled = (db: Db, options: { limit: number; now: Date }) => claim(db, 'cancelled', options)
export const claimShipped = (db: Db, options: { limit: number; now: Date }) => claim(db, 'shipped', options)

export async function confirmAnnounced(db: Db, eventId: number, now: Date): Promise<void> {
  await confirmEvent(db, ordersOutbox, { id: eventId, now })
}
