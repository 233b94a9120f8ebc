import type { Discrepancy, DiscrepancyKind } from '@shop/contracts'
import { isId } from '@shop/kernel'
import { and, desc, inArray, isNull, lt, notInArray, sql } from 'drizzle-orm'
import type { Db } from '../../client.ts'
import { discrepancies } from '../../schema/stripe.ts'

export type NewDiscrepancy = Omit<Discrepancy, 'id'>

/** Keeps a difference, once; what it says now is what counts, and one that had been resolved is open again. */
export async function noteDiscrepancy(db: Db, found: NewDiscrepancy): Promise<void> {
  await db
    .insert(discrepancies)
    .values(found)
    .onConflictDoUpdate({
      target: [discrepancies.subject, discrepancies.kind],
      set: {
        stripe: sql`excluded.stripe`,
        shop: sql`excluded.shop`,
        foundAt: sql`case when ${discrepancies.resolvedAt} is null then ${discrepancies.foundAt} else excluded.found_at end`,
        resolvedAt: null,
      },
    })
}

/**
 * Closes differences that were looked for among `subjects` and are no more.
 *
 * @param still the kinds that were found, by subject
 */
export async function resolveDiscrepancies(
  db: Db,
  looked: {
    subjects: string[]
    kinds: DiscrepancyKind[]
    still: { subject: string; kind: DiscrepancyKind }[]
    now: Date
  },
): Promise<void> {
  if (looked.subjects.length === 0) return
  const still = looked.still.map(({ subject, kind }) => `${kind}:${subject}`)
  await db
    .update(discrepancies)
    .set({ resolvedAt: looked.now })
    .where(
      and(
        inArray(discrepancies.subject, looked.subjects),
        inArray(discrepancies.kind, looked.kinds),
        isNull(discrepancies.resolvedAt),
        still.length === 0
          ? undefined
          : notInArray(sql`${discrepancies.kind} || ':' || ${discrepancies.subject}`, still),
      ),
    )
}

/** Newest first, by the index discrepancies_open. */
export async function openDiscrepancies(
  db: Db,
  page: { after: number | undefined; limit: number },
): Promise<Discrepancy[]> {
  const rows = await db
    .select()
    .from(discrepancies)
    .where(
      and(isNull(discrepancies.resolvedAt), page.after === undefined ? undefined : lt(discrepancies.id, page.after)),
    )
    .orderBy(desc(discrepancies.id))
    .limit(page.limit)
  return rows.map(toDiscrepancy)
}

function toDiscrepancy({ resolvedAt: _, ...row }: typeof discrepancies.$inferSelect): Discrepancy {
  const { paymentId } = row
  if (paymentId !== null && !isId('payment', paymentId)) throw new Error(`Malformed payment of discrepancy ${row.id}`)
  return { ...row, paymentId }
}
