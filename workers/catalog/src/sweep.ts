import type { SweepReport } from '@shop/contracts'
import { announceDueChanges } from './caching/announce-due-changes.ts'
import type { CatalogDeps } from './deps.ts'
import { applyDueThresholds } from './stock/apply-due-thresholds.ts'
import { openDueStock } from './stock/open-due-stock.ts'

type SweepDeps = Pick<
  CatalogDeps,
  'openings' | 'thresholds' | 'changes' | 'events' | 'answers' | 'stock' | 'now' | 'warn'
>

/** Does what requests have left undone, and deletes old events. Safe to run twice at once. */
export async function sweepCatalog(deps: SweepDeps): Promise<SweepReport> {
  const now = deps.now()
  return {
    stock_opened: await openDueStock(deps, now),
    stock_watched: await applyDueThresholds(deps, now),
    changes_announced: await announceDueChanges(deps, now),
    events_pruned: await deps.events.prune(now),
  }
}
