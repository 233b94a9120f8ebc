import { askAll, type Db } from '@shop/db/client'
import { refunds } from '@shop/db/schema/payments'
import { statement } from '@shop/db/statement'
import { sql } from 'drizzle-orm'
import { NOT_MADE, type Refund } from '../domain/refund.ts'
import {
  GROUP,
  type NewRefund,
  p,
  partOfPayment,
  refundsOf,
  reservation,
  SINGLE_ID,
  type SingleValues,
  singleValuesOf,
} from './reservation.ts'
import { dueReservations } from './reserve-due.ts'
import { requestedReservations } from './reserve-requested.ts'

/** Reservations of refunds, by what causes them. */
export const refundReservations = (db: Db) => ({
  ...requestedReservations(db),
  ...dueReservations(db),

  /**
   * Creates the refund of what is left of a payment whose order could not take it, once: an event may come again
   * months later. One that Stripe refused or the bank returned stays with staff; only one that was never made may follow.
   *
   * @returns undefined when nothing is left, or staff have to decide
   */
  async reserveAutomatic(fresh: NewRefund): Promise<Refund | undefined> {
    const [[reserved] = [], [known] = []] = await askAll(db, [
      automaticReservation(fresh),
      readAutomatic({ paymentId: fresh.paymentId, dedupKey: fresh.reason }),
    ])
    return refundsOf(reserved)[0] ?? refundsOf(known)[0]
  },

  /** Records a refund that was made in Stripe's dashboard, once. Nothing happens where less is left of the payment. */
  async adopt({ stripeRefundId, ...fresh }: NewRefund & { stripeRefundId: string }): Promise<void> {
    await askAll(db, [adopt({ ...singleValuesOf(fresh), stripeRefundId })])
  },
})

const reserveAutomatic = statement<SingleValues>(() =>
  reservation({
    ids: SINGLE_ID,
    dedupKey: sql`${p('reason')}`,
    parts: partOfPayment(sql`not exists (
      select from ${refunds} earlier
      where earlier.payment_id = ${p('paymentId')} and earlier.reason = ${p('reason')} and earlier.actor->>'kind' = 'system'
        and earlier.failure is distinct from ${NOT_MADE}::text)`),
  }),
)

/** The statement that reserves an automatic refund, for a transaction that does more. */
export const automaticReservation = (fresh: NewRefund) => reserveAutomatic(singleValuesOf(fresh))

const readAutomatic = statement<{ paymentId: string; dedupKey: string }>(
  () => sql`
    select ${GROUP} as refunds from ${refunds} r
    where r.payment_id = ${sql.placeholder('paymentId')} and r.dedup_key = ${sql.placeholder('dedupKey')}`,
)

const adopt = statement<SingleValues & { stripeRefundId: string }>(() =>
  reservation({
    ids: SINGLE_ID,
    stripeRefundId: sql`${sql.placeholder('stripeRefundId')}`,
    parts: partOfPayment(
      sql`not exists (select from ${refunds} where stripe_refund_id = ${sql.placeholder('stripeRefundId')})`,
    ),
  }),
)
