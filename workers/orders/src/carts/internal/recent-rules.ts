import type { PricingRules, RulesQuery } from '../../pricing/domain/purchase.ts'
import { codeKey } from '../../promotions/domain/code-key.ts'

/** Carts may show promotions, zones and rates that are so old. Completing one reads them afresh. */
const KEEP_MS = 60_000
const MAX_KEPT = 500

export type RecentRules = ReturnType<typeof recentRules>

/**
 * The rules that price carts, in the memory of this instance, so that a cart that is read or changed several times asks
 * the database once a minute. Keeps what was read and no promise: a request must not wait for the work of another one.
 *
 * @param find reads them
 */
export function recentRules(find: (query: RulesQuery) => Promise<PricingRules>) {
  const kept = new Map<string, { rules: PricingRules; readAt: number }>()
  return {
    async find(query: RulesQuery): Promise<PricingRules> {
      const key = keyOf(query)
      const now = query.now.getTime()
      const known = kept.get(key)
      if (known !== undefined && now - known.readAt < KEEP_MS) return known.rules
      const rules = await find(query)
      kept.delete(key)
      kept.set(key, { rules, readAt: now })
      for (const oldest of kept.keys()) {
        if (kept.size <= MAX_KEPT) break
        kept.delete(oldest)
      }
      return rules
    },
    /** Reads them afresh next time, because they are known to have changed. */
    forget(query: RulesQuery): void {
      kept.delete(keyOf(query))
    },
  }
}

/** Spellings of one code, and codes in another order, lead to the same rules. */
const keyOf = ({ codes, customerKey, country, userId }: RulesQuery) =>
  JSON.stringify([codes.map(codeKey).toSorted(), customerKey, country, userId])
