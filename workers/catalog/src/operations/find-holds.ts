import type { FoundHold } from '@shop/contracts'
import { ok, type Result } from '@shop/kernel'
import type { CatalogDeps } from '../ports.ts'

/** What became of holds, as their objects have it: one call of each object. */
export async function findHolds(
  { stock }: Pick<CatalogDeps, 'stock'>,
  holds: { holdId: string; variantIds: number[] }[],
): Promise<Result<FoundHold[], never>> {
  const byVariant = new Map<number, string[]>()
  for (const { holdId, variantIds } of holds) {
    for (const variantId of new Set(variantIds)) {
      byVariant.set(variantId, [...(byVariant.get(variantId) ?? []), holdId])
    }
  }
  const found = await Promise.all(
    [...byVariant].map(async ([variantId, holdIds]) =>
      (await stock.findHolds(variantId, { holdIds })).map((hold) => ({ variantId, ...hold })),
    ),
  )
  return ok(found.flat())
}
