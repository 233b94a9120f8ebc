import type { CatalogDeps } from '../deps.ts'
import { deliverNow } from '../events/deliver-now.ts'
import { invalidateAnswers } from './invalidate-answers.ts'

type AnnounceDeps = Pick<CatalogDeps, 'answers' | 'events' | 'later' | 'now' | 'warn'>

/** Invalidates the cached answers for a saved change, so that everybody reads it within a second. */
export async function announceChange(deps: AnnounceDeps, eventId: number): Promise<void> {
  await deliverNow(deps, { consumer: 'catalog_cache', eventId }, () => invalidateAnswers(deps))
}
