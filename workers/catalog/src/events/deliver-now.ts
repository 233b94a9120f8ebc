import type { Consumer } from '@shop/contracts/events/define'
import type { CatalogDeps } from '../deps.ts'
import { attemptDelivery, type Delivered } from './attempt-delivery.ts'

/**
 * Delivers an event right after its change was saved, and settles the delivery after the answer. The sweep repeats what
 * fails here or was not settled. The consumers of this service accept events repeatedly and in any order.
 */
export async function deliverNow(
  { events, later, now, warn }: Pick<CatalogDeps, 'events' | 'later' | 'now' | 'warn'>,
  delivery: { consumer: Consumer; eventId: number },
  deliver: () => Promise<Delivered>,
): Promise<void> {
  const receipt = await attemptDelivery({ warn }, delivery, deliver)
  const settled = events.settle({ consumer: delivery.consumer, receipts: [receipt], now: now() })
  later(settled.catch((error: unknown) => warn('event_unsettled', { ...delivery, error })))
}
