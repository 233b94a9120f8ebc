import { deliverDue } from '@shop/contracts/events/deliver-due'
import { claimedBatch, onlyBatch, type SweepTask } from '@shop/contracts/service'
import { deliverCacheEvents } from './caching/deliver-cache-events.ts'
import type { CatalogDeps } from './deps.ts'
import { keepSearchLanguage } from './search/keep-search-language.ts'

type SweepDeps = Pick<CatalogDeps, 'events' | 'keys' | 'search' | 'shop' | 'answers' | 'now' | 'warn'>

const CACHE = { consumer: 'catalog_cache', limit: 500 } as const

/**
 * Delivers the events that their writers could not deliver, deletes old keys and events, and keeps the language of searches.
 * Safe to run twice at once.
 */
export function catalogTasks(deps: SweepDeps): SweepTask[] {
  return [
    { name: 'cache_events_delivered', work: () => deliverDue(deps, CACHE, (due) => deliverCacheEvents(deps, due)) },
    { name: 'search_languages_kept', work: () => keepLanguage(deps) },
    { name: 'keys_pruned', work: async () => onlyBatch(await deps.keys.prune(deps.now())) },
    { name: 'events_pruned', work: async () => onlyBatch(await deps.events.prune(deps.now())) },
  ]
}

async function keepLanguage(deps: SweepDeps) {
  const { done, limit } = await keepSearchLanguage(deps)
  return claimedBatch(done, limit)
}
