import { deliverDue } from '@shop/contracts/events/deliver-due'
import { onlyBatch, type SweepTask } from '@shop/contracts/service'
import { deliverCacheEvents } from './caching/deliver-cache-events.ts'
import type { CatalogDeps } from './deps.ts'

type SweepDeps = Pick<CatalogDeps, 'events' | 'keys' | 'answers' | 'now' | 'warn'>

const CACHE = { consumer: 'catalog_cache', limit: 500 } as const

/** Delivers the events that their writers could not deliver, and deletes old keys and events. Safe to run twice at once. */
export function catalogTasks(deps: SweepDeps): SweepTask[] {
  return [
    { name: 'cache_events_delivered', work: () => deliverDue(deps, CACHE, (due) => deliverCacheEvents(deps, due)) },
    { name: 'keys_pruned', work: async () => onlyBatch(await deps.keys.prune(deps.now())) },
    { name: 'events_pruned', work: async () => onlyBatch(await deps.events.prune(deps.now())) },
  ]
}
