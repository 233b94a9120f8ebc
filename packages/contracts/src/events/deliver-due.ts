import type { ShopEvent } from './catalogue.ts'
import type { Consumer } from './define.ts'
import type { Receipt } from './delivery.ts'
import type { EventLog } from './log.ts'

/**
 * Delivers the events that are due for a consumer, until none is or the time is over, and writes down what came of each.
 *
 * @param deliver tells the consumer; what it throws counts as an outage
 * @returns how many deliveries are over
 */
export async function deliverDue(
  { events, now }: { events: EventLog; now: () => Date },
  { consumer, limit, until }: { consumer: Consumer; limit: number; until: Date },
  deliver: (due: ShopEvent[]) => Promise<Receipt[]>,
): Promise<number> {
  let delivered = 0
  while (now() < until) {
    const due = await events.pull({ consumer, limit, now: now() })
    if (due.length === 0) break
    const receipts = await deliver(due).catch(() => outage(due))
    await events.settle({ consumer, receipts, now: now() })
    const done = receipts.filter(({ outcome }) => outcome !== 'failed').length
    delivered += done
    // What failed is not due again at once; with nothing done there is nothing behind it either.
    if (done === 0) break
  }
  return delivered
}

const outage = (due: ShopEvent[]): Receipt[] =>
  due.map(({ id }) => ({ eventId: id, outcome: 'failed', failure: 'service_unavailable' }))
