import { MORE, onlyBatch, type SweepTask, type SweptBatch } from '@shop/contracts/service'
import { PARALLEL_CALLS } from '@shop/kernel/parallel-calls'
import pMap from 'p-map'
import type { NotificationsDeps } from '../deps.ts'
import { PUBLIC_SOURCES, type PublicSource } from './domain/sources.ts'
import { enqueueEvents } from './enqueue-events.ts'
import { tryToWake } from './internal/wake-endpoint.ts'

type TaskDeps = Pick<NotificationsDeps, 'sources' | 'webhookDeliveries' | 'wakeEndpoint' | 'now' | 'warn'>

const BATCH = 100

async function enqueueEventsOf(deps: TaskDeps, name: PublicSource): Promise<SweptBatch> {
  const source = deps.sources[name]
  const pulled = await source.pullEvents({ consumer: 'webhooks', limit: BATCH })
  if (!pulled.ok || pulled.value.length === 0) return { done: 0 }
  const receipts = await enqueueEvents(deps, name, pulled.value)
  await source.confirmEvents({ consumer: 'webhooks', receipts })
  const done = receipts.filter(({ outcome }) => outcome === 'done').length
  return done === 0 ? { done } : { done, next: MORE }
}

/** Wakes the objects of the endpoints for which something is due: new messages, and those that are to be tried again. */
async function wakeDueEndpoints(deps: TaskDeps): Promise<SweptBatch> {
  const endpoints = await deps.webhookDeliveries.listDueEndpoints(deps.now())
  await pMap(endpoints, (endpointId) => tryToWake(deps, endpointId), { concurrency: PARALLEL_CALLS })
  return onlyBatch(endpoints.length)
}

/** Writes public events down for the webhook endpoints, and has them sent. */
export const webhookTasks = (deps: TaskDeps): SweepTask[] => [
  ...PUBLIC_SOURCES.map((source) => ({ name: `webhooks_of_${source}`, work: () => enqueueEventsOf(deps, source) })),
  { name: 'webhook_endpoints_woken', work: () => wakeDueEndpoints(deps) },
]
