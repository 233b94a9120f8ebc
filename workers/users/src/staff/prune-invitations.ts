import { addSeconds } from '@shop/kernel/time'
import type { UsersDeps } from '../deps.ts'

const KEPT_SECONDS = 30 * 24 * 60 * 60

/** Deletes invitations that expired 30 days ago. @returns how many */
export function pruneInvitations(deps: Pick<UsersDeps, 'invitations' | 'now'>): Promise<number> {
  return deps.invitations.prune(addSeconds(deps.now(), -KEPT_SECONDS))
}
