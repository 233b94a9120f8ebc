import type { CatalogDeps } from '../ports.ts'

type WatchDeps = Pick<CatalogDeps, 'watches' | 'stock' | 'warn'>

/**
 * Tells a stock object from when on it is low, as that is now. Should it not answer, the sweep tells it later.
 *
 * @param change.key of the event that announced it
 */
export async function watchStock(
  { watches, stock, warn }: WatchDeps,
  { variantId, key, now }: { variantId: number; key: string; now: Date },
): Promise<void> {
  try {
    const watch = await watches.read(variantId)
    if (watch === undefined) return
    await stock.watchLowStock(variantId, watch)
    await watches.confirm({ key, now })
  } catch (error) {
    warn('stock_watch_postponed', { variantId, error })
  }
}

/** The same for what was not confirmed. @returns how many objects have heard of it now */
export async function watchUnconfirmed(
  { watches, stock, warn }: WatchDeps,
  options: { limit: number; now: Date },
): Promise<number> {
  const claimed = await watches.claim(options)
  const told = await Promise.all(
    claimed.map(async ({ key, watch: { variantId, ...watch } }) => {
      try {
        await stock.watchLowStock(variantId, watch)
        await watches.confirm({ key, now: options.now })
        return true
      } catch (error) {
        warn('stock_watch_postponed', { variantId, error })
        return false
      }
    }),
  )
  return told.filter(Boolean).length
}
