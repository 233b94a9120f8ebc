import type { ShopEvent } from '@shop/contracts/events/catalogue'
import type { Receipt } from '@shop/contracts/events/delivery'
import type { CatalogDeps } from '../deps.ts'

/** Invalidates the cached answers once for all changes. */
export async function deliverCacheEvents(
  { answers, warn }: Pick<CatalogDeps, 'answers' | 'warn'>,
  changes: ShopEvent[],
): Promise<Receipt[]> {
  try {
    await answers?.startVersion()
    return changes.map(({ id }) => ({ eventId: id, outcome: 'done' }))
  } catch (error) {
    warn('answers_not_invalidated', { changes: changes.length, error })
    return changes.map(({ id }) => ({ eventId: id, outcome: 'failed', failure: 'service_unavailable' }))
  }
}
