import { deliverDue } from '@shop/contracts/events/deliver-due'
import { claimedBatch, onlyBatch, type SweepTask } from '@shop/contracts/service'
import { deliverCacheEvents } from './caching/deliver-cache-events.ts'
import type { CatalogDeps } from './deps.ts'
import { catchUpSearch } from './search/catch-up-search.ts'

type SweepDeps = Pick<CatalogDeps, 'events' | 'keys' | 'search' | 'shop' | 'answers' | 'now' | 'warn'>

const CACHE = { consumer: 'catalog_cache', limit: 500 } as const

/**
 * Delivers the events that their writers could not deliver, deletes old keys and events, and catches up with what products are
 * found by. Safe to run twice at once.
 */
export function catalogTasks(deps: SweepDeps): SweepTask[] {
  return [
    { name: 'cache_events_delivered', work: () => deliverDue(deps, CACHE, (due) => deliverCacheEvents(deps, due)) },
    { name: 'searched_products_written', work: () => catchUp(deps) },
    { name: 'keys_pruned', work: async () => onlyBatch(await deps.keys.prune(deps.now())) },
    { name: 'events_pruned', work: async () => onlyBatch(await deps.events.prune(deps.now())) },
  ]
}

async function catchUp(deps: SweepDeps) {
  const { done, limit } = await catchUpSearch(deps)
  return claimedBatch(done, limit)
}
