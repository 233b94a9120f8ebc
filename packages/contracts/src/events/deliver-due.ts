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
 * Delivers the events that are due for a consumer, until none is left or the time is over, and records the outcome of
 * each.
 *
 * @param deliver sends events to the consumer; a throw is logged and counts as an outage
 * @returns how many deliveries ended
 */
export async function deliverDue(
  { events, now, warn }: DispatchDeps,
  { consumer, limit, until }: { consumer: Consumer; limit: number; until: Date },
  deliver: (due: ShopEvent[]) => Promise<Receipt[]>,
): Promise<number> {
  let delivered = 0
  while (now() < until) {
    const due = await events.pull({ consumer, limit, now: now() })
    if (due.length === 0) break
    const receipts = await deliver(due).catch((error: unknown) => {
      warn('delivery_failed', { consumer, events: due.length, error })
      return outage(due)
    })
    await events.settle({ consumer, receipts, now: now() })
    const done = receipts.filter(({ outcome }) => outcome !== 'failed').length
    delivered += done
    // A failed event is not due again at once, so without progress nothing else is due either.
    if (done === 0) break
  }
  return delivered
}

const outage = (due: ShopEvent[]): Receipt[] =>
  due.map(({ id }) => ({ eventId: id, outcome: 'failed', failure: 'service_unavailable' }))
