import { onlyBatch, type SweepTask } from '@shop/contracts/service'
import type { NotificationsDeps } from './deps.ts'
import { mailTasks } from './mails/mail-tasks.ts'

/** Sends the mails of each service's events, and deletes old rows. Safe to run twice at once. */
export function notificationsTasks(deps: NotificationsDeps): SweepTask[] {
  return [...mailTasks(deps), { name: 'mails_pruned', work: async () => onlyBatch(await deps.mails.prune(deps.now())) }]
}
