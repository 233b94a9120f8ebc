import { askAll, type Db } from '@shop/db/client'
import { payments, refunds } from '@shop/db/schema/payments'
import { statement } from '@shop/db/statement'
import { sql } from 'drizzle-orm'
import type { Refund } from '../domain/refund.ts'
import { GROUP, IS_CAPTURED, refundsOf, reservation } from './reservation.ts'
import {
  FIRST_ID,
  IS_UNDECIDED,
  type NewSpread,
  partsOverPayments,
  SPREAD_IDS,
  type SpreadValues,
  spreadValuesOf,
} from './spread.ts'

/** `given`: the part of the amount that was already issued as a gift card, in minor units. */
export type DueRefund = NewSpread & { given: number }

export const dueReservations = (db: Db) => ({
  /**
   * Creates the refunds that orders owes, once; for less than the amount if less is left. Store credit that was already issued is
   * deducted first, so that the money refunded never exceeds the rest.
   *
   * @returns the refunds, also if they were made before; `not_yet` while orders has not confirmed a capture, whose money may be needed
   */
  async reserveDue({ given, ...fresh }: DueRefund): Promise<Refund[] | 'not_yet'> {
    const [, [known] = [], [isUndecided] = []] = await askAll(db, [
      reserveDue(spreadValuesOf(fresh, given)),
      readDue({ ids: `{${fresh.ids.join()}}` }),
      findUndecided({ orderId: fresh.orderId }),
    ])
    const due = refundsOf(known)
    return due.length === 0 && isUndecided !== undefined ? 'not_yet' : due
  },
})

const undecided = (orderId: 'orderId') => sql`
  select 1 as found from ${payments} p
  where p.order_id = ${sql.placeholder(orderId)} and ${IS_CAPTURED} and ${IS_UNDECIDED} limit 1`

const findUndecided = statement<{ orderId: string }>(() => undecided('orderId'))

const readDue = statement<{ ids: string }>(
  () => sql`select ${GROUP} as refunds from ${refunds} r where r.id = ${FIRST_ID} or r.part_of = ${FIRST_ID}`,
)

const reserveDue = statement<SpreadValues>(() =>
  reservation({
    ids: SPREAD_IDS,
    parts: partsOverPayments(
      sql`not exists (select from ${refunds} where id = ${FIRST_ID}) and not exists (${undecided('orderId')})`,
      { takesLess: true },
    ),
  }),
)
