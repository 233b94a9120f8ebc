import type { Consumer } from '@shop/contracts/events/define'
import type { Receipt } from '@shop/contracts/events/delivery'
import { ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'

/** Settles deliveries. Forgets the addresses that were kept for the mails of those that are over. */
export async function confirmEvents(
  deps: Pick<UsersDeps, 'events' | 'mailAddresses' | 'now'>,
  { consumer, receipts }: { consumer: Consumer; receipts: Receipt[] },
): Promise<Result<undefined, never>> {
  const over = receipts.filter(({ outcome }) => outcome !== 'failed').map(({ eventId }) => eventId)
  await deps.events.settle({ consumer, receipts, now: deps.now() })
  // To other consumers such an event is nothing but an event.
  if (consumer === 'notifications') await deps.mailAddresses.forget(over)
  return ok()
}
