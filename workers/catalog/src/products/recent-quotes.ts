import type { VariantRef } from '@shop/contracts/catalog/rpc'
import type { Quotable } from './domain/quote-of.ts'

/** Quotes for carts may be this old. */
const KEEP_MS = 1_000
/** Of a few hundred bytes each. */
const MAX_KEPT = 2_000

export type RecentQuotes = ReturnType<typeof recentQuotes>

/**
 * What references named within the last second, in the memory of this instance: a customer adds to a cart and looks at it,
 * and each of these asks for the same variants.
 */
export function recentQuotes() {
  const kept = new Map<string, { quotable: Quotable; readAt: number }>()
  const keyOf = (ref: VariantRef, collectionIds: readonly number[]) => JSON.stringify([ref, collectionIds])
  return {
    find(ref: VariantRef, collectionIds: readonly number[], now: Date): Quotable | undefined {
      const found = kept.get(keyOf(ref, collectionIds))
      return found !== undefined && now.getTime() - found.readAt < KEEP_MS ? found.quotable : undefined
    },
    keep(
      ref: VariantRef,
      collectionIds: readonly number[],
      { quotable, readAt }: { quotable: Quotable; readAt: Date },
    ): void {
      const key = keyOf(ref, collectionIds)
      kept.delete(key)
      kept.set(key, { quotable, readAt: readAt.getTime() })
      // The oldest comes first.
      for (const oldest of kept.keys()) {
        if (kept.size <= MAX_KEPT) break
        kept.delete(oldest)
      }
    },
  }
}
