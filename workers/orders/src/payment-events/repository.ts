import { askAll, type Db } from '@shop/db/client'
import { moneyEntries } from '@shop/db/schema/orders-money'
import { statement } from '@shop/db/statement'
import { sql } from 'drizzle-orm'
import { uncountCtes } from '../buyers/repository.ts'
import { orderEventCtes } from '../events/repository.ts'
import { invoiceCtes, paidInvoice, WHOLE_INVOICED } from '../invoices/repository/write.ts'
import type { Order } from '../orders/domain/order.ts'
import { findStatement, type OrderRow, toOrder } from '../orders/repository/rows.ts'
import type { CaptureFact } from './domain/facts.ts'
import type { MoneyEntry } from './domain/money-entries.ts'

export const moneyRepository = (db: Db) => ({
  /**
   * Records movements of money of one order, each once, and reads the order. One round trip.
   *
   * @returns undefined when the order does not exist, which records nothing, and when there is nothing to record
   */
  async record(entries: MoneyEntry[]): Promise<Order | undefined> {
    const [first] = entries
    if (first === undefined) return undefined
    const [, found] = await askAll(db, [
      recordMoney({ entries: JSON.stringify(entries) }),
      findStatement({ id: first.orderId }),
    ])
    // The column is the one that `findStatement` names.
    const row = found?.[0] as OrderRow | undefined
    return row && toOrder(row)
  },
})

/**
 * The entry of the first capture of an entry's payment. Where a refund was told before it, it has all that was captured until then, and
 * so what further captures up to that tell.
 */
const FIRST_CAPTURE = sql`coalesce((
  select first.amount from ${moneyEntries} first where first.key = 'captured:' || entry."paymentId"), 0)`

/**
 * The instant may be corrected to an earlier one: see `moneyEntries` in the schema. Sorted, so that concurrent events of one
 * payment wait for each other in the same order.
 */
const recordMoney = statement<{ entries: string }>(
  () => sql`
    insert into ${moneyEntries} as known (key, order_id, payment_id, kind, amount, currency, at)
    select entry.key, o.id, entry."paymentId", entry.kind, entry.amount, entry.currency, entry.at
    from jsonb_to_recordset(${sql.placeholder('entries')}::jsonb) as entry(
      key text, "orderId" text, "paymentId" text, kind text, amount bigint, currency text, at timestamptz, total bigint)
    join orders.orders o on o.id = entry."orderId"
    where entry.total is null or ${FIRST_CAPTURE} < entry.total
    order by entry.key
    on conflict (key) do update set at = excluded.at where excluded.at < known.at`,
)

export type CaptureRepository = ReturnType<typeof captureRepository>

export const captureRepository = (db: Db) => ({
  /**
   * Marks a pending order paid by this payment, which covers it, issues its invoice, records the money that came in, and reads
   * the order as it is afterwards. One round trip, which suffices for nearly every capture.
   *
   * @param money recorded whatever becomes of the order
   * @returns `captured` is false when the order was not pending, or less or more than its total was captured: the caller decides from the order
   * as it is. `order` is undefined when it does not exist.
   */
  async capturePending(
    fact: CaptureFact,
    now: Date,
    money: MoneyEntry[] = [],
  ): Promise<{ captured: boolean; order: Order | undefined }> {
    const { isOpen: _, ...sole } = fact
    const [captured, found] = await askAll(db, [
      capture({ ...sole, now: now.toISOString() }),
      findStatement({ id: fact.orderId }),
      recordMoney({ entries: JSON.stringify(money) }),
    ])
    // The column is the one that `findStatement` names.
    const row = found?.[0] as OrderRow | undefined
    return { captured: captured?.length === 1, order: row && toOrder(row) }
  },
})

type CaptureValues = Omit<CaptureFact, 'isOpen'> & { now: string }
const p = (name: keyof CaptureValues) => sql.placeholder(name)

/**
 * The lock allows foreign keys to the order. A transaction that records a refund holds the row of its capture, which this one
 * waits for next; a stronger lock could deadlock with it.
 */
const capture = statement<CaptureValues>(
  () => sql`
    with before as (
      select id, counted_in, counted_units from orders.orders
      where id = ${p('orderId')} and status = 'pending' and payment_status = 'unpaid' and payment_id is null
        and charge_no = ${p('chargeNo')}::int and total - gift_card_amount = ${p('amount')}::bigint and currency = ${p('currency')}
        and ${p('captured')}::bigint = ${p('amount')}::bigint and invoiced is null
      for no key update
    ),
    captured as (
      update orders.orders o
      set status = 'processing', payment_status = 'paid', payment_id = ${p('paymentId')},
          charged_amount = ${p('amount')}, captured_amount = ${p('captured')}, invoiced = ${WHOLE_INVOICED},
          updated_at = ${p('now')}::timestamptz, version = version + 1, counted_in = '{}', counted_units = 0
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
      from before join captured on captured.id = before.id`)},
    ${invoiceCtes(['invoice'], () => paidInvoice(sql`captured`), sql`locked`)}
    select id from captured`,
)
