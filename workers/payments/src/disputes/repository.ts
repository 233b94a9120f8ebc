import type { DisputeDetails } from '@shop/contracts/orders/rpc'
import type { Db } from '@shop/db/client'
import { payments } from '@shop/db/schema/payments'
import { disputes } from '@shop/db/schema/stripe'
import { currency } from '@shop/kernel/currencies'
import { isId, type PaymentId } from '@shop/kernel/ids'
import { desc, eq, type SQL, sql } from 'drizzle-orm'
import { type DisputeEvent, isDisputeEvent, type WrittenEvent } from '../events/domain/order-events.ts'
import { disputeEventCtes, newestEvent, toWrittenEvent, type WrittenEventRow } from '../events/repository.ts'
import type { LedgerMove } from '../ledger/domain/ledger.ts'
import { type Booking, book } from '../ledger/repository.ts'
import type { ReceivedEvent } from '../webhooks/domain/webhook-event.ts'
import { insertEvent } from '../webhooks/repository.ts'
import type { Dispute, DisputeReport } from './domain/dispute.ts'

/** The event of a dispute as orders receives it. */
export type ToldDispute = DisputeEvent & { details: DisputeDetails }

/** A report about a dispute of a known payment, and when Stripe was in that state. */
export type DisputeObservation = DisputeReport & { paymentId: PaymentId; observedAt: Date }

export type DisputeRepository = ReturnType<typeof disputeRepository>

/** Disputes; each call is one round trip. */
export const disputeRepository = (db: Db) => ({
  /**
   * Records a report about a dispute, the webhook event that reports it, the money that the bank moved and the shop's
   * event, in one batch.
   *
   * Reports may come twice and in any order: an older one changes nothing, what is closed stays closed, and each move is
   * booked once.
   *
   * @returns the shop's event, if this report caused one
   */
  async record(
    report: DisputeObservation,
    event: ReceivedEvent | undefined,
  ): Promise<WrittenEvent<ToldDispute> | undefined> {
    // Concurrent reports wait for each other, so that each sees what the other has recorded.
    const lock = db.select({ id: payments.id }).from(payments).where(eq(payments.id, report.paymentId)).for('update')
    // Separate statements, since the ledger's order shows what happened first.
    const booked = movesOf(report).map((move) => db.execute(book(move, bookingOf(report))))
    const written = db.execute(upsert(report, event))
    const [, { rows }, { rows: found }] = await db.batch([lock, written, db.execute(readWritten(report)), ...booked])
    // The columns are those that `readWritten` names.
    const row = found[0] as (DetailsRow & { event: WrittenEventRow }) | undefined
    if (rows.length === 0 || row === undefined) return undefined
    const announced = toWrittenEvent<DisputeEvent>(row.event, isDisputeEvent)
    return announced && { ...announced, event: { ...announced.event, details: detailsOf(row) } }
  },

  /** The details that orders receives with the events of disputes, by the payment's id. */
  async details(paymentIds: string[]): Promise<Map<string, DisputeDetails>> {
    if (paymentIds.length === 0) return new Map()
    const { rows } = await db.execute<DetailsRow>(sql`select ${DETAILS} from ${payments} p where p.id in ${paymentIds}`)
    return new Map(rows.map((row) => [row.id, detailsOf(row)]))
  },

  /** Newest first, by the index disputes_newest. */
  async list(page: { after: { at: string; id: string } | undefined; limit: number }): Promise<Dispute[]> {
    const { after } = page
    const rows = await db
      .select()
      .from(disputes)
      .where(after && sql`(${disputes.createdAt}, ${disputes.id}) < (${after.at}::timestamptz, ${after.id})`)
      .orderBy(desc(disputes.createdAt), desc(disputes.id))
      .limit(page.limit)
    return rows.map(toDispute)
  },

  /** Newest first. */
  async ofPayment(paymentId: PaymentId): Promise<Dispute[]> {
    const rows = await db
      .select()
      .from(disputes)
      .where(eq(disputes.paymentId, paymentId))
      .orderBy(desc(disputes.createdAt))
    return rows.map(toDispute)
  },
})

type DetailsRow = { id: string; order_id: string; disputed: string; charged_back: string }

/** The disputes of the order of payment `p`. Those of a payment that the order did not take are its own. */
const OF_ORDER = sql`${disputes} d join ${payments} other on other.id = d.payment_id
  where (other.id = p.id or (other.order_id = p.order_id and not other.duplicate and not p.duplicate))`

/** Statement part: the columns of a {@link DetailsRow} of payment `p`. Of an inquiry (`warning_…`) the bank holds nothing. */
const DETAILS = sql`p.id, p.order_id,
  (select coalesce(sum(d.amount), 0) from ${OF_ORDER} and d.closed_at is null and d.status not like 'warning%') as disputed,
  (select coalesce(sum(d.amount), 0) from ${OF_ORDER} and d.status = 'lost') as charged_back`

const readWritten = ({ id, paymentId }: DisputeObservation): SQL => sql`
  select ${DETAILS}, ${newestEvent(sql`
    e.key = p.id and e.type in ('dispute.created', 'dispute.updated', 'dispute.closed') and e.payload->>'disputeId' = ${id}`)} as event
  from ${payments} p where p.id = ${paymentId}`

function detailsOf({ id, order_id: orderId, disputed, charged_back: chargedBack }: DetailsRow): DisputeDetails {
  if (!isId('order', orderId)) throw new Error(`Malformed order of payment ${id}`)
  return { orderId, disputed: Number(disputed), chargedBack: Number(chargedBack) }
}

/** A dispute is a change of its payment, whose version orders the events. */
function upsert(report: DisputeObservation, event: ReceivedEvent | undefined): SQL {
  return sql`
    with was as (select id, status, evidence_due_at from ${disputes} where id = ${report.id}),
    ${event === undefined ? sql.empty() : sql`event as (${storeEvent(report, event)}),`}
    kept as (
      insert into ${disputes} as d (id, payment_id, amount, currency, reason, status, evidence_due_at, created_at, closed_at, observed_at)
      values (${report.id}, ${report.paymentId}, ${report.amount}::bigint, ${report.currency}, ${report.reason}, ${report.status},
              ${at(report.evidenceDueAt)}, ${at(report.createdAt)}, ${at(report.closedAt)}, ${at(report.observedAt)})
      on conflict (id) do update set
        status = excluded.status, evidence_due_at = excluded.evidence_due_at, closed_at = excluded.closed_at,
        observed_at = excluded.observed_at
      where d.closed_at is null and (excluded.closed_at is not null or d.observed_at <= excluded.observed_at)
      returning d.*
    ),
    changed as (
      select kept.*, case when kept.closed_at is not null then 'dispute.closed'
                          when was.id is null then 'dispute.created' else 'dispute.updated' end as type
      from kept left join was on was.id = kept.id
      where was.id is null or was.status <> kept.status or was.evidence_due_at is distinct from kept.evidence_due_at
    ),
    counted as (
      update ${payments} p set version = p.version + 1 from changed where p.id = changed.payment_id returning p.id, p.version
    ),
    ${disputeEventCtes(sql`select changed.*, counted.version from changed join counted on counted.id = changed.payment_id`)}
    select from announced`
}

const storeEvent = ({ intentId }: DisputeReport, event: ReceivedEvent): SQL =>
  insertEvent({
    id: sql`${event.id}`,
    type: sql`${event.type}`,
    intentId: sql`${intentId}`,
    outcome: sql`'applied'`,
    flag: sql`null`,
    payload: sql`${JSON.stringify(event.payload)}::jsonb`,
    createdAt: at(event.createdAt),
    receivedAt: at(event.receivedAt),
    where: sql`true`,
  })

function movesOf({ isWithdrawn, isReinstated, status }: DisputeReport): LedgerMove[] {
  if (!isWithdrawn) return []
  if (isReinstated) return ['dispute_opened', 'dispute_won']
  return status === 'lost' ? ['dispute_opened', 'dispute_lost'] : ['dispute_opened']
}

function bookingOf(report: DisputeObservation): Booking {
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

function toDispute({ observedAt: _, ...row }: typeof disputes.$inferSelect): Dispute {
  const { paymentId } = row
  if (!isId('payment', paymentId)) throw new Error(`Malformed payment of dispute ${row.id}`)
  return { ...row, paymentId, currency: currency(row.currency) }
}
