import { MORE, type SweptBatch } from '../service.ts'
import type { ShopEvent } from './catalogue.ts'
import type { Consumer } from './define.ts'
import type { Receipt } from './delivery.ts'
import type { EventLog } from './log.ts'

type DispatchDeps = {
  events: EventLog
  now: () => Date
  warn: (event: string, fields: Record<string, unknown>) => void
}

/**
 * Delivers a batch of the events that are due for a consumer, and records the outcome of each.
 *
 * A failed event is not due again at once, so without progress nothing else is due either. Otherwise there may be more:
 * the next events of the same keys.
 *
 * @param deliver sends events to the consumer; a throw is logged and counts as an outage
 */
export async function deliverDue(
  { events, now, warn }: DispatchDeps,
  { consumer, limit }: { consumer: Consumer; limit: number },
  deliver: (due: ShopEvent[]) => Promise<Receipt[]>,
): Promise<SweptBatch> {
  const due = await events.pull({ consumer, limit, now: now() })
  if (due.length === 0) return { done: 0 }
  const receipts = await deliver(due).catch((error: unknown) => {
    warn('delivery_failed', { consumer, events: due.length, error })
    return outage(due)
  })
  await events.settle({ consumer, receipts, now: now() })
  const done = receipts.filter(({ outcome }) => outcome !== 'failed').length
  return done === 0 ? { done } : { done, next: MORE }
}

const outage = (due: ShopEvent[]): Receipt[] =>
  due.map(({ id }) => ({ eventId: id, outcome: 'failed', failure: 'service_unavailable' }))
