import type { Db } from '@shop/db/client'
import { ledger } from '@shop/db/schema/payments'
import { currency } from '@shop/kernel/currencies'
import { isId, type PaymentId, type RefundId } from '@shop/kernel/ids'
import { and, desc, eq, lt, type SQL, sql } from 'drizzle-orm'
import { LEDGER_MOVES, type LedgerEntry, type LedgerMove } from './domain/ledger.ts'

export type LedgerRepository = ReturnType<typeof ledgerRepository>

export const ledgerRepository = (db: Db) => ({
  /** Entries, newest first: all by the primary key, one payment's by the index ledger_of_payment. One round trip. */
  async list(page: {
    paymentId: PaymentId | undefined
    after: number | undefined
    limit: number
  }): Promise<LedgerEntry[]> {
    const { paymentId, after } = page
    const ofPayment = paymentId === undefined ? undefined : eq(ledger.paymentId, paymentId)
    const isAfter = after === undefined ? undefined : lt(ledger.id, after)
    const rows = await db
      .select()
      .from(ledger)
      .where(and(ofPayment, isAfter))
      .orderBy(desc(ledger.id))
      .limit(page.limit)
    return rows.map(toEntry)
  },

  /**
   * Books a move that no change of this worker causes, once. `about` is the id of a refund or of a gift card; for the end of a card,
   * which may come again, with the number of the change.
   */
  async book(move: LedgerMove, made: NewEntry): Promise<void> {
    const { about, amount, refundId = null } = made
    await db.execute(
      book(move, {
        from: sql`(select) one`,
        about: sql`${about}`,
        at: sql`${made.at.toISOString()}::timestamptz`,
        amount: sql`${amount}::bigint`,
        currency: sql`${made.currency}`,
        refundId: sql`${refundId}::text`,
      }),
    )
  },
})

export type NewEntry = Pick<LedgerEntry, 'amount' | 'currency' | 'at'> & { about: string; refundId?: RefundId }

function toEntry(row: typeof ledger.$inferSelect): LedgerEntry {
  const { paymentId, refundId } = row
  if ((paymentId !== null && !isId('payment', paymentId)) || (refundId !== null && !isId('refund', refundId))) {
    throw new Error(`Malformed ids in ledger row ${row.id}`)
  }
  return { ...row, paymentId, refundId, currency: currency(row.currency) }
}

/** The booked values, as SQL over the rows of `from`; `about` is the id of the moved payment, refund, dispute or gift card. */
export type Booking = {
  from: SQL
  about: SQL
  at: SQL
  amount: SQL
  currency: SQL
  /** Absent for gift cards that are issued, expire or are voided. */
  paymentId?: SQL
  refundId?: SQL
  disputeId?: SQL
}

/** The INSERT that books a move, for the statement that makes the change: both happen or neither. */
export function book(move: LedgerMove, booking: Booking): SQL {
  const { debit, credit } = LEDGER_MOVES[move]
  return sql`
    insert into ${ledger} (at, debit, credit, amount, currency, payment_id, refund_id, dispute_id, key)
    select ${booking.at}, ${debit}, ${credit}, ${booking.amount}, ${booking.currency}, ${booking.paymentId ?? sql`null`},
           ${booking.refundId ?? sql`null`}, ${booking.disputeId ?? sql`null`}, ${`${move}:`} || ${booking.about}
    from ${booking.from}
    on conflict (key) do nothing`
}
