import type { Dispute, LedgerMove } from '@shop/contracts'
import { type CurrencyCode, currency, isId, type PaymentId } from '@shop/kernel'
import { desc, eq, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../client.ts'
import { disputes } from '../../schema/stripe.ts'
import { type Booking, book } from './ledger.ts'
import { keepingEvent } from './stripe-events.ts'

/** What Stripe says of a dispute; amount in minor units. */
export type DisputeReport = {
  id: string
  paymentId: PaymentId
  intentId: string
  amount: number
  currency: CurrencyCode
  reason: string
  status: string
  evidenceDueAt: Date | null
  createdAt: Date
  closedAt: Date | null
  /** Whether its money has been taken, and given back. */
  isWithdrawn: boolean
  isReinstated: boolean
  /** When Stripe said so. */
  observedAt: Date
}

type Event = { id: string; type: string; payload: unknown; createdAt: Date; receivedAt: Date }

/**
 * Keeps what is said of a dispute, in one batch with the event that says it and what the bank has moved. Said twice or in
 * another order it comes to the same: an older report changes nothing, what is closed stays closed, and each move is
 * booked once.
 */
export async function applyDispute(db: Db, report: DisputeReport, event: Event | null): Promise<void> {
  const kept = event && keepingEvent({ ...event, intentId: report.intentId }, sql`'applied'`, sql`null`)
  // Statements of their own, since the ledger tells in its order what happened first.
  const booked = movesOf(report).map((move) => db.execute(book(move, bookingOf(report))))
  await db.batch([db.execute(keep(report, kept)), ...booked])
}

function keep(report: DisputeReport, event: SQL | null): SQL {
  return sql`
    ${event === null ? sql.empty() : sql`with event as (${event})`}
    insert into ${disputes} as d (id, payment_id, amount, currency, reason, status, evidence_due_at, created_at, closed_at, observed_at)
    values (${report.id}, ${report.paymentId}, ${report.amount}::bigint, ${report.currency}, ${report.reason}, ${report.status},
            ${at(report.evidenceDueAt)}, ${at(report.createdAt)}, ${at(report.closedAt)}, ${at(report.observedAt)})
    on conflict (id) do update set
      status = excluded.status, evidence_due_at = excluded.evidence_due_at, closed_at = excluded.closed_at,
      observed_at = excluded.observed_at
    where d.closed_at is null and (excluded.closed_at is not null or d.observed_at <= excluded.observed_at)`
}

function movesOf({ isWithdrawn, isReinstated, status }: DisputeReport): LedgerMove[] {
  if (!isWithdrawn) return []
  if (isReinstated) return ['dispute_opened', 'dispute_won']
  return status === 'lost' ? ['dispute_opened', 'dispute_lost'] : ['dispute_opened']
}

function bookingOf(report: DisputeReport): Booking {
  return {
    from: sql`(select) one`,
    about: sql`${report.id}`,
    at: at(report.observedAt),
    amount: sql`${report.amount}::bigint`,
    currency: sql`${report.currency}`,
    paymentId: sql`${report.paymentId}`,
    disputeId: sql`${report.id}`,
  }
}

const at = (instant: Date | null) => sql`${instant?.toISOString() ?? null}::timestamptz`

/** Newest first, by the index disputes_newest. */
export async function listDisputes(
  db: Db,
  page: { after: { createdAt: string; id: string } | undefined; limit: number },
): Promise<Dispute[]> {
  const { after } = page
  const rows = await db
    .select()
    .from(disputes)
    .where(after && sql`(${disputes.createdAt}, ${disputes.id}) < (${after.createdAt}::timestamptz, ${after.id})`)
    .orderBy(desc(disputes.createdAt), desc(disputes.id))
    .limit(page.limit)
  return rows.map(toDispute)
}

/** By the index disputes_of_payment. */
export async function disputesOfPayment(db: Db, paymentId: PaymentId): Promise<Dispute[]> {
  const rows = await db
    .select()
    .from(disputes)
    .where(eq(disputes.paymentId, paymentId))
    .orderBy(desc(disputes.createdAt))
  return rows.map(toDispute)
}

function toDispute({ observedAt: _, ...row }: typeof disputes.$inferSelect): Dispute {
  const { paymentId } = row
  if (!isId('payment', paymentId)) throw new Error(`Malformed payment of dispute ${row.id}`)
  return { ...row, paymentId, currency: currency(row.currency) }
}
