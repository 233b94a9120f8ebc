import { onlyBatch, type SweepTask } from '@shop/contracts/service'
import type { NotificationsDeps } from './deps.ts'
import { tellOrderEvents } from './live/tell-order-events.ts'
import { mailTasks } from './mails/mail-tasks.ts'
import { sendDueWebhooks } from './webhook-deliveries/send-due-webhooks.ts'
import { webhookTasks } from './webhook-deliveries/webhook-tasks.ts'
import { endpointOf, WEBHOOKS_SWEEPER } from './webhook-endpoints/sweepers.ts'

/** Tells live updates, so that they do not wait for a provider of mails. */
export const LIVE_SWEEPER = 'live'

/** The tasks of a sweeper, by its name. Safe to run twice at once. */
export function notificationsTasks(deps: NotificationsDeps, name: string): SweepTask[] {
  const endpointId = endpointOf(name)
  if (endpointId !== undefined) return [{ name: 'webhooks_sent', work: () => sendDueWebhooks(deps, endpointId) }]
  if (name === LIVE_SWEEPER) return liveTasks(deps)
  return name === WEBHOOKS_SWEEPER ? webhookTasks(deps) : mainTasks(deps)
}

/** Sends the mails of each service's events, and deletes old rows. */
function mainTasks(deps: NotificationsDeps): SweepTask[] {
  return [
    ...mailTasks(deps),
    { name: 'mails_pruned', work: async () => onlyBatch(await deps.mails.prune(deps.now())) },
    { name: 'live_pruned', work: async () => onlyBatch(await deps.live.prune(deps.now())) },
    { name: 'webhooks_pruned', work: async () => onlyBatch(await deps.webhookDeliveries.prune(deps.now())) },
    { name: 'keys_pruned', work: async () => onlyBatch(await deps.creationKeys.prune(deps.now())) },
    { name: 'events_pruned', work: async () => onlyBatch(await deps.events.prune(deps.now())) },
  ]
}

/** Tells the changes of orders to those who listen. */
const liveTasks = (deps: NotificationsDeps): SweepTask[] => [
  { name: 'live_events_told', work: () => tellOrderEvents(deps) },
]
