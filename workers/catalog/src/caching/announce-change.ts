import type { CatalogDeps } from '../deps.ts'

/** Invalidates the kept answers from before a change, before the change itself is answered. */
export async function announceChange(
  { answers, changes, later, warn }: Pick<CatalogDeps, 'answers' | 'changes' | 'later' | 'warn'>,
  change: { key: string; now: Date },
): Promise<void> {
  try {
    await answers?.startVersion()
  } catch (error) {
    // Kept answers expire within half a second anyway, and the sweep announces the change again.
    warn('change_announced_later', { error })
    return
  }
  // If the confirmation is lost, the sweep announces the change once more, which does no harm.
  later(changes.confirm(change).catch((error: unknown) => warn('change_unconfirmed', { error })))
}
