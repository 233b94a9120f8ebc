import { collectionsNamedBy, type PromotionCandidates } from './domain/running-promotions.ts'

export type NamedCollections = ReturnType<typeof namedCollections>

/**
 * The collections that promotions named when they were last read, in the memory of this instance. Quotes are asked for at the
 * same time as promotions, so they ask about these, and once more where promotions name others by now.
 */
export function namedCollections() {
  let ids: readonly number[] = []
  return {
    last: (): readonly number[] => ids,
    /** @returns those that the promotions name */
    learn({ candidates }: Pick<PromotionCandidates, 'candidates'>): readonly number[] {
      ids = collectionsNamedBy(candidates)
      return ids
    },
  }
}
