import type { Db } from '@shop/db/client'
import { reconciliations } from '@shop/db/schema/stripe'
import { and, eq, isNull, lte, or, sql } from 'drizzle-orm'

/** The list at Stripe under comparison. */
export type ComparedList = (typeof reconciliations.$inferSelect)['list']

/** The next page of a list: of what Stripe created from `from` until before `until`, after the cursor `after`. */
export type ClaimedPage = { list: ComparedList; from: Date; until: Date; after: string | null; leasedUntil: Date }

export const comparisonProgress = (db: Db) => ({
  /**
   * Claims the next page of a list, for one caller.
   *
   * @param at.newestUntil end of the window where a comparison starts anew; younger objects are left to the next one
   * @param at.isForced claims it even though none is due
   * @returns undefined when another caller compares the list, or no page is due
   */
  async claimPage(
    list: ComparedList,
    at: { now: Date; newestUntil: Date; leasedUntil: Date; isForced: boolean },
  ): Promise<ClaimedPage | undefined> {
    const { now, newestUntil, leasedUntil } = at
    const isFree = or(isNull(reconciliations.leasedUntil), lte(reconciliations.leasedUntil, now))
    const isDue = at.isForced ? undefined : lte(reconciliations.nextAt, now)
    const [claimed] = await db
      .insert(reconciliations)
      .values({ list, from: new Date(0), until: newestUntil, after: null, nextAt: now, leasedUntil })
      .onConflictDoUpdate({
        target: reconciliations.list,
        set: {
          leasedUntil,
          until: sql`case when ${reconciliations.after} is null then excluded.until else ${reconciliations.until} end`,
        },
        setWhere: and(isFree, isDue) ?? sql`true`,
      })
      .returning()
    return claimed && { ...claimed, leasedUntil }
  },

  /**
   * Ends a page: the comparison continues `after` it or, at the end of the list, starts again `from` there, at
   * `nextAt`.
   */
  async endPage(
    { list, leasedUntil }: Pick<ClaimedPage, 'list' | 'leasedUntil'>,
    next: { from: Date; after: string | null; nextAt: Date },
  ): Promise<void> {
    await db
      .update(reconciliations)
      .set({ ...next, leasedUntil: null })
      // Not if the lease ran out and another caller has the page.
      .where(and(eq(reconciliations.list, list), eq(reconciliations.leasedUntil, leasedUntil)))
  },
})
