import type { TraceCounts } from '@shop/emulator-kit/trace-counts'
import type { ApiKeys } from './auth.ts'
import type { Clock } from './clock.ts'
import type { Counts } from './counts.ts'
import type { Work } from './endpoint.ts'
import { type EventSource, recordEvent } from './events.ts'
import type { Faults } from './faults.ts'
import type { IdempotencyKeys } from './idempotency.ts'
import type { RateLimit } from './rate-limit.ts'
import type { Schedule } from './schedule.ts'
import type { Store } from './store.ts'
import type { Webhooks } from './webhooks.ts'

/** The parts of one running emulator. */
export interface Core {
  store: Store
  idempotency: IdempotencyKeys
  schedule: Schedule
  webhooks: Webhooks
  clock: Clock
  faults: Faults
  rateLimit: RateLimit
  /** May change at any time. */
  settings: { searchLagSeconds: number }
  counts: Counts
  traces: TraceCounts
  keys: ApiKeys
  /** The clock's time, which tests may have moved. */
  now: () => Date
  /** Aborted when the emulator closes: nothing may touch the store afterwards. */
  stopping: AbortSignal
}

/** @param source both null for what no request caused, such as a bank's answer */
export function newWork(core: Core, source: EventSource, origin: string, now: number): Work {
  return {
    store: core.store,
    now,
    searchLag: core.settings.searchLagSeconds,
    origin,
    emit(type, object, previous) {
      core.webhooks.enqueue(recordEvent(core.store, type, object, { previous, source, now }), type)
    },
    later: (objectId, action, at) => core.schedule.set(objectId, action, at),
    notLater: (objectId) => core.schedule.remove(objectId),
  }
}
