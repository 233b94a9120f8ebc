import type { CatalogDeps } from '../deps.ts'
import type { OpeningStock } from './repository/index.ts'

type OpenDeps = Pick<CatalogDeps, 'openings' | 'stock' | 'warn'>

const BATCH = 50

/**
 * Adds the opening stocks that no stock object has confirmed.
 *
 * @returns how many were added
 */
export async function openDueStock(deps: OpenDeps, now: Date): Promise<number> {
  const claimed = await deps.openings.claim({ limit: BATCH, now })
  const opened = await Promise.all(claimed.map((opening) => open(deps, opening, now)))
  return opened.filter(Boolean).length
}

/** False when it failed: the claim has postponed the next attempt already. */
async function open({ openings, stock, warn }: OpenDeps, opening: OpeningStock, now: Date): Promise<boolean> {
  const { eventId, variantId, quantity, key } = opening
  try {
    const opened = await stock.open(variantId, { quantity, key })
    // Final: the key was used for another quantity before.
    if (!opened.ok) warn('opening_stock_refused', { variantId, failure: opened.failure })
    await openings.confirm({ eventId, now })
    return true
  } catch (error) {
    warn('opening_stock_postponed', { variantId, error })
    return false
  }
}
