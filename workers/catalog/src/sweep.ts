import { deliverDue } from '@shop/contracts/events/deliver-due'
import type { SweepReport } from '@shop/contracts/service'
import { addSeconds } from '@shop/kernel/time'
import { deliverCacheEvents } from './caching/deliver-cache-events.ts'
import type { CatalogDeps } from './deps.ts'
import { deliverStockEvents } from './stock/deliver-stock-events.ts'

type SweepDeps = Pick<CatalogDeps, 'events' | 'thresholds' | 'answers' | 'stock' | 'now' | 'warn'>

const STOCK_BATCH = 50
const CACHE_BATCH = 500
/** Events that are still due after these times wait for the next sweep. Each consumer has its own, so that none starves. */
const CACHE_SECONDS = 3
const STOCK_SECONDS = 7

/** Delivers the events that their writers could not deliver, and deletes old events. Safe to run twice at once. */
export async function sweepCatalog(deps: SweepDeps): Promise<SweepReport> {
  const until = (seconds: number) => addSeconds(deps.now(), seconds)
  const stock = { consumer: 'catalog_stock', limit: STOCK_BATCH, until: until(STOCK_SECONDS) } as const
  const stockDelivered = await deliverDue(deps, stock, (due) => deliverStockEvents(deps, due))
  const cache = { consumer: 'catalog_cache', limit: CACHE_BATCH, until: until(CACHE_SECONDS) } as const
  const cacheDelivered = await deliverDue(deps, cache, (due) => deliverCacheEvents(deps, due))
  return {
    stock_events_delivered: stockDelivered,
    cache_events_delivered: cacheDelivered,
    events_pruned: await deps.events.prune(deps.now()),
  }
}
