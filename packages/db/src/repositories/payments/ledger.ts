import { LEDGER_MOVES, type LedgerEntry, type LedgerMove } from '@shop/contracts'
import { currency, isId, type PaymentId, toPage } from '@shop/kernel'
import { and, desc, eq, lt, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../client.ts'
import { ledger } from '../../schema/payments.ts'

/** What is booked, as SQL over the rows of `from`; `about` names the thing that moved. */
export type Booking = {
  from: SQL
  about: SQL
  at: SQL
  amount: SQL
  currency: SQL
  paymentId: SQL
  refundId?: SQL
  disputeId?: SQL
}

/**
 * The insert that books a move, to be a part of the statement that makes the change: what is booked and what is so
 * never part.
 */
export function book(move: LedgerMove, booking: Booking): SQL {
  const { debit, credit } = LEDGER_MOVES[move]
  return sql`
    insert into ${ledger} (at, debit, credit, amount, currency, payment_id, refund_id, dispute_id, key)
    select ${booking.at}, ${debit}, ${credit}, ${booking.amount}, ${booking.currency}, ${booking.paymentId},
           ${booking.refundId ?? sql`null`}, ${booking.disputeId ?? sql`null`}, ${`${move}:`} || ${booking.about}
    from ${booking.from}
    on conflict (key) do nothing`
}

export type LedgerPage = { items: LedgerEntry[]; nextCursor: string | null }

/** The ledger, newest first: the whole by its primary key, one payment's by the index ledger_of_payment. */
export async function readLedger(
  db: Db,
  page: { paymentId: PaymentId | null; before: number | null; limit: number },
): Promise<LedgerPage> {
  const rows = await db
    .select()
    .from(ledger)
    .where(
      and(
        page.paymentId === null ? undefined : eq(ledger.paymentId, page.paymentId),
        page.before === null ? undefined : lt(ledger.id, page.before),
      ),
    )
    .orderBy(desc(ledger.id))
    .limit(page.limit + 1)
  return toPage(rows.map(toEntry), page.limit, ({ id, at }) => ({ sortKey: at.toISOString(), id: String(id) }))
}

function toEntry(row: typeof ledger.$inferSelect): LedgerEntry {
  const { paymentId, refundId } = row
  if (!isId('payment', paymentId) || (refundId !== null && !isId('refund', refundId))) {
    throw new Error(`Malformed ids in ledger row ${row.id}`)
  }
  return { ...row, paymentId, refundId, currency: currency(row.currency) }
}
