import type { Db } from '@shop/db/client'
import { ledger, payments, refunds } from '@shop/db/schema/payments'
import type { PaymentId } from '@shop/kernel/ids'
import { eq, inArray, sql } from 'drizzle-orm'
import { toPayment } from '../../payments/repository/rows.ts'
import type { BookedPayment } from '../domain/compare.ts'
import { comparisonProgress } from './progress.ts'

export type ReconciliationRepository = ReturnType<typeof reconciliationRepository>

/** The progress of the comparison with Stripe, and the records it compares; each call is one round trip. */
export const reconciliationRepository = (db: Db) => ({
  ...comparisonProgress(db),

  /** Payments with the sums of their ledger entries. */
  async bookedPayments(ids: PaymentId[]): Promise<BookedPayment[]> {
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
  },

  /** The states of recorded refunds, by Stripe's id. */
  async refundStates(stripeRefundIds: string[]): Promise<Map<string, string>> {
    if (stripeRefundIds.length === 0) return new Map()
    const rows = await db
      .select({ id: refunds.stripeRefundId, state: refunds.state })
      .from(refunds)
      .where(inArray(refunds.stripeRefundId, stripeRefundIds))
    return new Map(rows.flatMap(({ id, state }) => (id === null ? [] : [[id, state]])))
  },
})
