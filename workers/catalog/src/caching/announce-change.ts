import type { CatalogDeps } from '../deps.ts'
import { deliverNow } from '../events/deliver-now.ts'
import { invalidateAnswers } from './invalidate-answers.ts'

type AnnounceDeps = Pick<CatalogDeps, 'answers' | 'events' | 'later' | 'now' | 'warn'>

/**
 * Invalidates the cached answers for a saved change, so that everybody reads it within a second.
 *
 * @param others further events of the change, such as that of a category that was made with it
 */
export async function announceChange(
  deps: AnnounceDeps,
  eventId: number,
  ...others: (number | undefined)[]
): Promise<void> {
  const together = others.filter((id) => id !== undefined)
  await deliverNow(deps, { consumer: 'catalog_cache', eventId, together }, () => invalidateAnswers(deps))
}
