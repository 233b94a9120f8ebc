import type { FoundHold } from '@shop/contracts/catalog/rpc'
import { ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'

/** The states of holds, with one call of each stock object. */
export async function findHolds(
  { stock }: Pick<CatalogDeps, 'stock'>,
  holds: { holdId: string; variantIds: number[] }[],
): Promise<Result<FoundHold[], never>> {
  const pairs = holds.flatMap(({ holdId, variantIds }) =>
    [...new Set(variantIds)].map((variantId) => ({ variantId, holdId })),
  )
  const byVariant = Map.groupBy(pairs, ({ variantId }) => variantId)
  const found = await Promise.all(
    [...byVariant].map(async ([variantId, ofVariant]) => {
      const holdIds = ofVariant.map(({ holdId }) => holdId)
      return (await stock.findHolds(variantId, { holdIds })).map((hold) => ({ variantId, ...hold }))
    }),
  )
  return ok(found.flat())
}
