import type { StockChanged } from '@shop/contracts/catalog/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import { openingKey, type WantedStock, wouldSet } from './domain/adjust.ts'
import type { StockLevel } from './domain/level.ts'

/** The listed stock. At sequence 0 it is the opening stock, which may not have reached the stock object. */
export type Listed = { variantId: number; available: number; stockSequence: number }

/** Refuses what {@link setStock} would refuse now, for a writer that has other changes to save first. */
export async function checkStock(
  { stock }: Pick<CatalogDeps, 'stock'>,
  listed: Listed,
  wanted: WantedStock,
): Promise<Result<undefined, StockChanged>> {
  if (wanted.expected === undefined || wanted.expected === wanted.available) return ok()
  await ensureOpen(stock, listed)
  const checked = wouldSet(await stock.level(listed.variantId), wanted)
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
  listed: Listed,
  wanted: WantedStock & { actor: string },
): Promise<Result<StockLevel, StockChanged>> {
  const { variantId } = listed
  await ensureOpen(stock, listed)
  const set = await stock.setAvailable(variantId, { ...wanted, key: `set:${newKey()}` })
  if (!set.ok) {
    if (set.failure.code === 'stock_changed') return fail(set.failure)
    throw new Error(`A stock of no fewer than 0 units was refused: ${set.failure.code}`)
  }
  const { available, sequence } = set.value
  if (sequence > listed.stockSequence) {
    const written = listing.project([{ variantId, available, sequence, low: [] }])
    // The object also lists its level by itself, within a second.
    await written.catch((error: unknown) => warn('stock_not_listed', { variantId, error }))
  }
  return ok(set.value)
}

/** Without its opening stock an object would compare with 0, and add the opening stock to what was set. */
async function ensureOpen(stock: CatalogDeps['stock'], { variantId, available, stockSequence }: Listed): Promise<void> {
  if (stockSequence > 0 || available === 0) return
  const opened = await stock.open(variantId, { quantity: available, key: openingKey(variantId) })
  if (!opened.ok) throw new Error(`The opening stock was refused: ${opened.failure.code}`)
}
