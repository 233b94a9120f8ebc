import type { SweepReport } from '@shop/contracts'
import type { CatalogDeps, OpeningStock } from '../ports.ts'
import { openStock } from './open-stock.ts'
import { watchUnconfirmed } from './watch-stock.ts'

const OPENINGS_AT_ONCE = 50
const WATCHES_AT_ONCE = 50
const CHANGES_AT_ONCE = 500

type SweepDeps = Pick<CatalogDeps, 'openings' | 'watches' | 'changes' | 'answers' | 'stock' | 'now' | 'warn'>

/** Tells stock objects the openings they have not confirmed, and the cache the changes; forgets events done long ago. */
export async function sweepCatalog(deps: SweepDeps): Promise<SweepReport> {
  const now = deps.now()
  const claimed = await deps.openings.claim({ limit: OPENINGS_AT_ONCE, now })
  const done = await Promise.all(claimed.map((opening) => confirmOpening(deps, opening, now)))
  const watched = await watchUnconfirmed(deps, { limit: WATCHES_AT_ONCE, now })
  const announced = await announceChanges(deps, now)
  const pruned = await deps.openings.prune(now)
  const opened = done.filter(Boolean).length
  return { stock_opened: opened, stock_watched: watched, changes_announced: announced, events_pruned: pruned }
}

/** One new version does for all changes that are there. */
async function announceChanges({ changes, answers, warn }: SweepDeps, now: Date): Promise<number> {
  const eventIds = await changes.claim({ limit: CHANGES_AT_ONCE, now })
  if (eventIds.length === 0) return 0
  try {
    await answers?.renew()
    await changes.confirmAll({ eventIds, now })
    return eventIds.length
  } catch (error) {
    warn('changes_announced_later', { error })
    return 0
  }
}

/** False when it did not work: the claim has put the next attempt off already. */
async function confirmOpening(deps: SweepDeps, opening: OpeningStock, now: Date): Promise<boolean> {
  try {
    await openStock(deps, opening)
    await deps.openings.confirm({ eventId: opening.eventId, now })
    return true
  } catch (error) {
    deps.warn('opening_stock_postponed', { variantId: opening.variantId, error })
    return false
  }
}
