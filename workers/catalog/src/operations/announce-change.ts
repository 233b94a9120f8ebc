import type { CatalogDeps } from '../ports.ts'

/** Longer than a write takes, so that the sweep does not do the same at the same time. */
const SWEEP_AFTER_MS = 10_000

/** How a write announces itself in its own batch; the sweep takes it up where {@link announceChange} was not heard. */
export function newAnnouncement({ newKey }: Pick<CatalogDeps, 'newKey'>, now: Date) {
  return { key: newKey(), firstAttemptAt: new Date(now.getTime() + SWEEP_AFTER_MS) }
}

/** Makes what was answered before a change worthless, before the change itself is answered. */
export async function announceChange(
  { answers, changes, later, warn }: Pick<CatalogDeps, 'answers' | 'changes' | 'later' | 'warn'>,
  change: { key: string; now: Date },
): Promise<void> {
  try {
    await answers?.renew()
  } catch (error) {
    // Kept answers end by themselves within half a second, and the sweep tells of it again.
    warn('change_announced_later', { error })
    return
  }
  // If the confirmation is lost, the sweep announces the change once more, which does no harm.
  later(changes.confirm(change).catch((error: unknown) => warn('change_unconfirmed', { error })))
}
