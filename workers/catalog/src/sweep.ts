import { deliverDue, type SweepReport } from '@shop/contracts'
import { addSeconds } from '@shop/kernel'
import { deliverCacheEvents } from './caching/deliver-cache-events.ts'
import type { CatalogDeps } from './deps.ts'
import { deliverStockEvents } from './stock/deliver-stock-events.ts'

type SweepDeps = Pick<CatalogDeps, 'events' | 'thresholds' | 'answers' | 'stock' | 'now' | 'warn'>

const STOCK_BATCH = 50
const CACHE_BATCH = 500
/** Events that are still due after this time wait for the next sweep. */
const DELIVERY_SECONDS = 10

/** Delivers the events that their writers could not deliver, and deletes old events. Safe to run twice at once. */
export async function sweepCatalog(deps: SweepDeps): Promise<SweepReport> {
  const now = deps.now()
  const until = addSeconds(now, DELIVERY_SECONDS)
  const stock = { consumer: 'catalog_stock', limit: STOCK_BATCH, until } as const
  const cache = { consumer: 'catalog_cache', limit: CACHE_BATCH, until } as const
  return {
    stock_events_delivered: await deliverDue(deps, stock, (due) => deliverStockEvents(deps, due)),
    cache_events_delivered: await deliverDue(deps, cache, (due) => deliverCacheEvents(deps, due)),
    events_pruned: await deps.events.prune(now),
  }
}
