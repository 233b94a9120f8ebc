import { ok, type Result } from '@shop/kernel/result'
import type { ShopEvent } from './catalogue.ts'
import type { Consumer } from './define.ts'
import type { Receipt } from './delivery.ts'
import type { EventLog } from './log.ts'

type ServeDeps = { events: Pick<EventLog, 'pull' | 'settle'>; now: () => Date }

/** `EventSource.pullEvents` of a service, over its own log: the events that are due for a consumer. */
export async function pullEvents(
  { events, now }: ServeDeps,
  { consumer, limit }: { consumer: Consumer; limit: number },
): Promise<Result<ShopEvent[], never>> {
  return ok(await events.pull({ consumer, limit, now: now() }))
}

/** `EventSource.confirmEvents` of a service that has nothing to do once an event is taken. */
export async function confirmEvents(
  { events, now }: ServeDeps,
  { consumer, receipts }: { consumer: Consumer; receipts: Receipt[] },
): Promise<Result<undefined, never>> {
  await events.settle({ consumer, receipts, now: now() })
  return ok()
}
