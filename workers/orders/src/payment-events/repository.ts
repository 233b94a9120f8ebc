import { askAll, type Db } from '@shop/db/client'
import { statement } from '@shop/db/statement'
import { sql } from 'drizzle-orm'
import { uncountCtes } from '../buyers/repository.ts'
import { orderEventCtes } from '../events/repository.ts'
import type { Order } from '../orders/domain/order.ts'
import { findStatement, type OrderRow, toOrder } from '../orders/repository/rows.ts'
import type { CaptureFact } from './domain/facts.ts'

export type CaptureRepository = ReturnType<typeof captureRepository>

export const captureRepository = (db: Db) => ({
  /**
   * Marks a pending order paid by this payment and reads the order as it is afterwards. One round trip, which suffices
   * for nearly every capture.
   *
   * @returns `captured` is false when the order was not pending or has another total: the caller decides from the order
   * as it is. `order` is undefined when it does not exist.
   */
  async capturePending(fact: CaptureFact, now: Date): Promise<{ captured: boolean; order: Order | undefined }> {
    const [captured, found] = await askAll(db, [
      capture({ ...fact, now: now.toISOString() }),
      findStatement({ id: fact.orderId }),
    ])
    // The column is the one that `findStatement` names.
    const row = found?.[0] as OrderRow | undefined
    return { captured: captured?.length === 1, order: row && toOrder(row) }
  },
})

const p = (name: keyof CaptureFact | 'now') => sql.placeholder(name)

const capture = statement<CaptureFact & { now: string }>(
  () => sql`
    with before as (
      select id, counted_in, counted_units from orders.orders
      where id = ${p('orderId')} and status = 'pending' and payment_status = 'unpaid' and payment_id is null
        and total = ${p('amount')} and currency = ${p('currency')} and ${p('captured')}::bigint between 1 and total
      for update
    ),
    captured as (
      update orders.orders o
      set status = 'processing', payment_status = 'paid', payment_id = ${p('paymentId')},
          captured_amount = ${p('captured')}, updated_at = ${p('now')}::timestamptz, version = version + 1,
          counted_in = '{}', counted_units = 0
      from before where o.id = before.id
      returning o.*
    ),
    history as (
      insert into orders.order_events (order_id, seq, type, at, actor, data)
      select id, version, 'paid', updated_at, '{"kind":"system"}'::jsonb,
             jsonb_build_object('amount', captured_amount, 'paymentId', payment_id)
      from captured
    ),
    ${orderEventCtes(sql`captured`, 'paid')},
    ${uncountCtes(sql`
      select before.counted_in, before.counted_units, true as is_paid, captured.updated_at as at
      from before join captured on captured.id = before.id`)}
    select id from captured`,
)
