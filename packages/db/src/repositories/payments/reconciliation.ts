import type { Payment } from '@shop/contracts'
import type { PaymentId } from '@shop/kernel'
import { and, eq, inArray, isNull, lte, or, sql } from 'drizzle-orm'
import type { Db } from '../../client.ts'
import { ledger, payments, refunds } from '../../schema/payments.ts'
import { reconciliations } from '../../schema/stripe.ts'
import { toPayment } from './rows.ts'

export type Walk = (typeof reconciliations.$inferSelect)['walk']

/** A step of a walk over what Stripe made from the one instant until before the other. */
export type Step = { walk: Walk; from: Date; until: Date; after: string | null; leasedUntil: Date }

/**
 * Takes the next step of a walk, for one caller; undefined when somebody is at it, or none is due.
 *
 * @param at.settled what is younger is left to the next time; a walk that begins goes up to there
 * @param at.isAsked takes it though none is due
 */
export async function claimStep(
  db: Db,
  walk: Walk,
  at: { now: Date; settled: Date; leasedUntil: Date; isAsked: boolean },
): Promise<Step | undefined> {
  const { now, settled, leasedUntil } = at
  const isFree = or(isNull(reconciliations.leasedUntil), lte(reconciliations.leasedUntil, now))
  const isDue = at.isAsked ? undefined : lte(reconciliations.nextAt, now)
  const [claimed] = await db
    .insert(reconciliations)
    .values({ walk, from: new Date(0), until: settled, after: null, nextAt: now, leasedUntil })
    .onConflictDoUpdate({
      target: reconciliations.walk,
      set: {
        leasedUntil,
        until: sql`case when ${reconciliations.after} is null then excluded.until else ${reconciliations.until} end`,
      },
      setWhere: and(isFree, isDue) ?? sql`true`,
    })
    .returning()
  return claimed && { ...claimed, leasedUntil }
}

/** Ends a step: the walk goes on `after`, or, at its end, begins again `from` there; not before `nextAt`. */
export async function endStep(
  db: Db,
  { walk, leasedUntil }: Pick<Step, 'walk' | 'leasedUntil'>,
  next: { from: Date; after: string | null; nextAt: Date },
): Promise<void> {
  await db
    .update(reconciliations)
    .set({ ...next, leasedUntil: null })
    // Not if it was lost meanwhile, and somebody else is at it.
    .where(and(eq(reconciliations.walk, walk), eq(reconciliations.leasedUntil, leasedUntil)))
}

/** A payment, and what the ledger says was captured and given back of it, in minor units. */
export type Books = { payment: Payment; booked: { captured: number; refunded: number } }

export async function booksOf(db: Db, ids: PaymentId[]): Promise<Books[]> {
  if (ids.length === 0) return []
  const { debit, credit, amount } = ledger
  const captured = sql<string>`coalesce(sum(${amount}) filter (where ${debit} = 'stripe' and ${credit} = 'sales'), 0)`
  const refunded = sql<string>`coalesce(sum(case when ${credit} = 'stripe' then ${amount} else -${amount} end)
    filter (where (${credit} = 'stripe' and ${debit} in ('refunds_due', 'refunds')) or (${debit} = 'stripe' and ${credit} = 'refunds')), 0)`
  const rows = await db
    .select({ payment: payments, captured, refunded })
    .from(payments)
    .leftJoin(ledger, eq(ledger.paymentId, payments.id))
    .where(inArray(payments.id, ids))
    .groupBy(payments.id)
  return rows.map((row) => ({
    payment: toPayment(row.payment),
    booked: { captured: Number(row.captured), refunded: Number(row.refunded) },
  }))
}

/** The states of refunds that are kept here, by Stripe's id. */
export async function refundStates(db: Db, stripeRefundIds: string[]): Promise<Map<string, string>> {
  if (stripeRefundIds.length === 0) return new Map()
  const rows = await db
    .select({ id: refunds.stripeRefundId, state: refunds.state })
    .from(refunds)
    .where(inArray(refunds.stripeRefundId, stripeRefundIds))
  return new Map(rows.flatMap(({ id, state }) => (id === null ? [] : [[id, state]])))
}
