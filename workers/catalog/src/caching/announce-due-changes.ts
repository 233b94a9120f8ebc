import type { CatalogDeps } from '../deps.ts'

const BATCH = 500

/**
 * Invalidates the kept answers once for all changes that are not known to have done so.
 *
 * @returns the number of changes
 */
export async function announceDueChanges(
  { changes, answers, warn }: Pick<CatalogDeps, 'changes' | 'answers' | 'warn'>,
  now: Date,
): Promise<number> {
  const eventIds = await changes.claim({ limit: BATCH, now })
  if (eventIds.length === 0) return 0
  try {
    await answers?.startVersion()
    await changes.confirmAll({ eventIds, now })
    return eventIds.length
  } catch (error) {
    warn('changes_announced_later', { error })
    return 0
  }
}
