import { askAll, type Db } from '@shop/db/client'
import { payments } from '@shop/db/schema/payments'
import { taxRecords } from '@shop/db/schema/stripe'
import { statement } from '@shop/db/statement'
import { currency } from '@shop/kernel/currencies'
import { isId } from '@shop/kernel/ids'
import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { TaxRecord } from './domain/tax-record.ts'

export type TaxRecordRepository = ReturnType<typeof taxRecordRepository>

type Settled = { reference: string; now: Date } & (
  | { state: 'recorded'; stripeId: string }
  | { state: 'refused'; failure: string }
)

/** What Stripe Tax has to record; each call is one round trip. */
export const taxRecordRepository = (db: Db) => ({
  /** Claims what is due, each for one caller. A reversal waits until Stripe has taken or refused what it reverses. */
  async claimDue({ now, leaseUntil, limit }: { now: Date; leaseUntil: Date; limit: number }): Promise<TaxRecord[]> {
    const [rows = []] = await askAll(db, [
      claim({ now: now.toISOString(), leaseUntil: leaseUntil.toISOString(), limit }),
    ])
    // The columns are those that `claim` names.
    return rows.map((row) => toRecord((row as { record: RecordJson }).record))
  },

  async settle({ reference, now, ...outcome }: Settled): Promise<void> {
    await db
      .update(taxRecords)
      .set({ ...outcome, updatedAt: now })
      .where(and(eq(taxRecords.reference, reference), eq(taxRecords.state, 'pending')))
  },

  async postpone(reference: string, nextAttemptAt: Date): Promise<void> {
    await db
      .update(taxRecords)
      .set({ nextAttemptAt })
      .where(and(eq(taxRecords.reference, reference), eq(taxRecords.state, 'pending')))
  },
})

type RecordJson = Omit<TaxRecord, 'paymentId' | 'currency'> & { paymentId: string; currency: string }

function toRecord({ paymentId, currency: code, ...record }: RecordJson): TaxRecord {
  if (!isId('payment', paymentId)) throw new Error(`Malformed payment of tax record ${record.reference}`)
  return { ...record, paymentId, currency: currency(code) }
}

/** Index: tax_records_due. */
const claim = statement<{ now: string; leaseUntil: string; limit: number }>(
  () => sql`
    update ${taxRecords} r set
      attempts = r.attempts + 1, next_attempt_at = ${sql.placeholder('leaseUntil')}::timestamptz
    from (
      select due.reference, original.stripe_id as original_id, original.amount as original_amount
      from ${taxRecords} due left join ${taxRecords} original on original.reference = due.reverses
      where due.state = 'pending' and due.next_attempt_at <= ${sql.placeholder('now')}::timestamptz
        and (due.reverses is null or original.state <> 'pending')
      order by due.next_attempt_at limit ${sql.placeholder('limit')}::int for update of due skip locked
    ) claimed
    where r.reference = claimed.reference
    returning jsonb_build_object(
      'reference', r.reference, 'kind', r.kind, 'paymentId', r.payment_id, 'calculationId', r.calculation_id,
      'original', case when r.reverses is null then null else
        jsonb_build_object('stripeId', claimed.original_id, 'amount', claimed.original_amount) end,
      'amount', r.amount, 'currency', r.currency, 'attempts', r.attempts) as record`,
)

const insertRecords = (rows: SQL): SQL => sql`
  insert into ${taxRecords} (reference, kind, payment_id, reverses, calculation_id, amount, currency, state, attempts,
                             next_attempt_at, created_at, updated_at)
  select row.reference, row.kind, row.payment_id, row.reverses, row.calculation_id, row.amount, row.currency, 'pending', 0,
         row.at, row.at, row.at
  from (${rows}) row
  on conflict (reference) do nothing`

/** What gift cards paid of the order of payment `p`: its taxes are those of the whole order. */
const PAID_BY_GIFT_CARDS = sql`coalesce((
  select gift.amount from ${payments} gift where gift.order_id = p.order_id and gift.method = 'gift_card'), 0)`

/**
 * Statement part: records the sale of each payment of which something was captured and whose order was taxed by Stripe Tax, and after
 * the last capture what was not captured of it. What gift cards paid of the order is a part of that sale.
 *
 * @param captured a FROM item that returns whole rows of payments
 */
export const recordSales = (captured: SQL): SQL =>
  insertRecords(sql`
    select p.order_id as reference, 'sale' as kind, p.id as payment_id, null as reverses,
           p.tax_calculation_id as calculation_id, p.amount + ${PAID_BY_GIFT_CARDS} as amount, p.currency, p.updated_at as at
    from ${captured} p where p.tax_calculation_id is not null and not p.duplicate
    union all
    select p.id || '_uncaptured', 'uncaptured', p.id, p.order_id, null, p.amount - p.captured_amount, p.currency, p.updated_at
    from ${captured} p
    where p.tax_calculation_id is not null and not p.duplicate and p.state = 'succeeded' and p.captured_amount < p.amount`)

/**
 * Statement part: records the reversal of each refund that succeeded, of a payment whose sale is recorded or of the gift cards that paid a
 * part of it, and its own reversal
 * when the bank has returned the refund.
 *
 * @param moved a FROM item that returns whole rows of refunds, and in `was` the state that they left
 */
export const recordRefunds = (moved: SQL): SQL =>
  insertRecords(sql`
    select r.id as reference, 'refund' as kind, r.payment_id, sale.reference as reverses, null as calculation_id, r.amount,
           r.currency, r.updated_at as at
    from ${moved} r join ${payments} p on p.id = r.payment_id
      join ${taxRecords} sale on sale.reference = p.order_id and (sale.payment_id = p.id or p.method = 'gift_card')
    where r.state = 'succeeded' and r.was <> 'succeeded'
    union all
    select r.id || '_returned', 'refund_returned', r.payment_id, refund.reference, null, r.amount, r.currency, r.updated_at
    from ${moved} r join ${taxRecords} refund on refund.reference = r.id
    where r.state = 'failed' and r.was = 'succeeded'`)
