import type { StockChanged } from '@shop/contracts/catalog/failures'
import type { StockTerms } from '@shop/contracts/catalog/rpc'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import { type StockBelowZero, type WantedStock, wouldSet } from './domain/adjust.ts'
import type { StockLevel } from './domain/level.ts'

/** A variant whose stock is set, as it was read a moment ago. */
export type SetVariant = { variantId: number; terms: StockTerms }

/** Refuses what {@link setStock} would refuse now, for a writer that has other changes to save first. */
export async function checkStock(
  { stock }: Pick<CatalogDeps, 'stock'>,
  { variantId, terms }: SetVariant,
  wanted: WantedStock,
): Promise<Result<undefined, StockChanged | StockBelowZero>> {
  const { available, expected } = wanted
  if (available < 0 && terms.policy === 'deny') return fail({ code: 'stock_below_zero' })
  if (available === expected || (expected === undefined && available >= 0)) return ok()
  const checked = wouldSet(await stock.level(variantId, { terms }), wanted, terms.policy)
  return checked.ok ? ok() : checked
}

/**
 * Sets the units that can be bought, unless others are available than the writer saw, and lists them at once, so that staff
 * read what they wrote.
 *
 * @returns the level as the object has it, also when it did not have to change
 */
export async function setStock(
  { stock, listing, newKey, warn }: Pick<CatalogDeps, 'stock' | 'listing' | 'newKey' | 'warn'>,
  { variantId, terms }: SetVariant,
  wanted: WantedStock & { actor: string },
): Promise<Result<StockLevel, StockChanged | StockBelowZero>> {
  const set = await stock.setAvailable(variantId, { ...wanted, key: `set:${newKey()}`, terms })
  if (!set.ok) {
    const { failure } = set
    if (failure.code === 'stock_changed' || failure.code === 'stock_below_zero') return fail(failure)
    throw new Error(`A stock of no fewer than 0 units was refused: ${failure.code}`)
  }
  const { available, sequence } = set.value
  if (sequence > terms.sequence) {
    const written = listing.project([{ variantId, available, sequence, low: [] }])
    // The object also lists its level by itself, within a second.
    await written.catch((error: unknown) => warn('stock_not_listed', { variantId, error }))
  }
  return ok(set.value)
}
