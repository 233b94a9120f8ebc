import type { Consumer } from '@shop/contracts/events/define'
import type { CatalogDeps } from '../deps.ts'
import { attemptDelivery, type Delivered } from './attempt-delivery.ts'

/**
 * Delivers the event of a change right after it was saved, and settles the delivery after the answer. The sweep repeats
 * what fails here or was not settled. The consumers of this service accept events repeatedly and in any order.
 *
 * @param delivery.together further events of the change, which are delivered by the same call
 */
export async function deliverNow(
  { events, later, now, warn }: Pick<CatalogDeps, 'events' | 'later' | 'now' | 'warn'>,
  { together = [], ...delivery }: { consumer: Consumer; eventId: number; together?: readonly number[] },
  deliver: () => Promise<Delivered>,
): Promise<void> {
  const receipt = await attemptDelivery({ warn }, delivery, deliver)
  const receipts = [receipt, ...together.map((eventId) => ({ ...receipt, eventId }))]
  const settled = events.settle({ consumer: delivery.consumer, receipts, now: now() })
  later(settled.catch((error: unknown) => warn('event_unsettled', { ...delivery, error })))
}
