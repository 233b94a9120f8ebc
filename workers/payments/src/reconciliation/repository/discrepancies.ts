import type { DiscrepancyKind } from '@shop/contracts/payments/states'
import type { Db } from '@shop/db/client'
import { discrepancies } from '@shop/db/schema/stripe'
import { isId } from '@shop/kernel/ids'
import { and, desc, inArray, isNull, lt, notInArray, sql } from 'drizzle-orm'
import type { Discrepancy, NewDiscrepancy } from '../domain/discrepancy.ts'

export type DiscrepancyRepository = ReturnType<typeof discrepancyRepository>

/** Differences between Stripe and the shop that staff have to resolve; each call is one round trip. */
export const discrepancyRepository = (db: Db) => ({
  /** Records a difference, once; its newest texts are kept, and one that was closed is open again. */
  async record(found: NewDiscrepancy): Promise<void> {
    const { foundAt, resolvedAt } = discrepancies
    await db
      .insert(discrepancies)
      .values(found)
      .onConflictDoUpdate({
        target: [discrepancies.subject, discrepancies.kind],
        set: {
          stripe: sql`excluded.stripe`,
          shop: sql`excluded.shop`,
          foundAt: sql`case when ${resolvedAt} is null then ${foundAt} else excluded.found_at end`,
          resolvedAt: null,
        },
      })
  },

  /**
   * Closes the differences of `kinds` about `subjects` that were not found again.
   *
   * @param compared.found those that were found again
   */
  async closeOthers(compared: {
    subjects: string[]
    kinds: DiscrepancyKind[]
    found: { subject: string; kind: DiscrepancyKind }[]
    now: Date
  }): Promise<void> {
    if (compared.subjects.length === 0) return
    const found = compared.found.map(({ subject, kind }) => `${kind}:${subject}`)
    const name = sql`${discrepancies.kind} || ':' || ${discrepancies.subject}`
    await db
      .update(discrepancies)
      .set({ resolvedAt: compared.now })
      .where(
        and(
          inArray(discrepancies.subject, compared.subjects),
          inArray(discrepancies.kind, compared.kinds),
          isNull(discrepancies.resolvedAt),
          found.length === 0 ? undefined : notInArray(name, found),
        ),
      )
  },

  /** Open differences, newest first, by the index discrepancies_open. */
  async listOpen(page: { after: number | undefined; limit: number }): Promise<Discrepancy[]> {
    const isAfter = page.after === undefined ? undefined : lt(discrepancies.id, page.after)
    const rows = await db
      .select()
      .from(discrepancies)
      .where(and(isNull(discrepancies.resolvedAt), isAfter))
      .orderBy(desc(discrepancies.id))
      .limit(page.limit)
    return rows.map(toDiscrepancy)
  },
})

function toDiscrepancy({ resolvedAt: _, ...row }: typeof discrepancies.$inferSelect): Discrepancy {
  const { paymentId } = row
  if (paymentId !== null && !isId('payment', paymentId)) throw new Error(`Malformed payment of discrepancy ${row.id}`)
  return { ...row, paymentId }
}
