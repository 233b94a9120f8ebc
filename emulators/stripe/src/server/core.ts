import type { TraceCounts } from '@shop/emulator-kit/trace-counts'
import type { Work } from '../api/endpoint.ts'
import { type EventSource, recordEvent } from '../events/event.ts'
import type { IdempotencyKeys } from '../idempotency/idempotency-keys.ts'
import type { Clock } from '../schedule/clock.ts'
import type { Schedule } from '../schedule/schedule.ts'
import type { Store } from '../store/store.ts'
import type { Webhooks } from '../webhooks/webhooks.ts'
import type { ApiKeys } from './auth.ts'
import type { Counts } from './counts.ts'
import type { Faults } from './faults.ts'
import type { RateLimit } from './rate-limit.ts'

/** The parts of one running emulator. */
export interface Core {
  store: Store
  idempotency: IdempotencyKeys
  schedule: Schedule
  webhooks: Webhooks
  clock: Clock
  faults: Faults
  rateLimit: RateLimit
  /** Tests may change it at any time. */
  settings: { searchLagSeconds: number }
  counts: Counts
  traces: TraceCounts
  keys: ApiKeys
  /** The time of `clock`. */
  now: () => Date
  /** Aborted when the emulator closes. Nothing may use the store afterwards. */
  stopping: AbortSignal
}

/** @param source both fields null when no request caused the work, as for a bank's answer */
export function newWork(core: Core, source: EventSource, origin: string, now: number): Work {
  return {
    store: core.store,
    now,
    searchLag: core.settings.searchLagSeconds,
    origin,
    emit(type, object, previous) {
      core.webhooks.enqueue(recordEvent(core.store, type, object, { previous, source, now }), type)
    },
    schedule: (objectId, action, at) => core.schedule.set(objectId, action, at),
    unschedule: (objectId) => core.schedule.remove(objectId),
  }
}
