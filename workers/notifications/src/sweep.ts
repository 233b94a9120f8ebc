import { onlyBatch, type SweepTask } from '@shop/contracts/service'
import type { NotificationsDeps } from './deps.ts'
import { tellOrderEvents } from './live/tell-order-events.ts'
import { mailTasks } from './mails/mail-tasks.ts'

/** Sends the mails of each service's events, and deletes old rows. Safe to run twice at once. */
export function notificationsTasks(deps: NotificationsDeps): SweepTask[] {
  return [
    ...mailTasks(deps),
    { name: 'mails_pruned', work: async () => onlyBatch(await deps.mails.prune(deps.now())) },
    { name: 'live_pruned', work: async () => onlyBatch(await deps.live.prune(deps.now())) },
  ]
}

/** Tells the changes of orders to those who listen. */
export const liveTasks = (deps: NotificationsDeps): SweepTask[] => [
  { name: 'live_events_told', work: () => tellOrderEvents(deps) },
]
