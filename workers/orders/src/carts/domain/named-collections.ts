import type { RunningPromotion } from '../../promotions/domain/running-promotions.ts'

/** The collections that promotions name: only these matter of those that a product is in. */
export function namedCollections(running: readonly RunningPromotion[]): number[] {
  const named = running.flatMap(({ promotion: { appliesTo, buy, get } }) => [
    ...appliesTo.collectionIds,
    ...(buy?.collectionIds ?? []),
    ...(get?.collectionIds ?? []),
  ])
  return [...new Set(named)].sort((one, other) => one - other)
}
