import type { PaymentsDeps } from '../deps.ts'
import type { Announcement } from './repository.ts'

/**
 * Confirms an event that orders has taken, after the client has been answered. The event stays in the outbox until then;
 * telling orders again changes nothing.
 *
 * @param event.key the refund's id for `refunded` and `refund_returned`, else the payment's
 */
export function confirmAfterAnswer(
  deps: Pick<PaymentsDeps, 'events' | 'later' | 'now' | 'warn'>,
  event: { kind: Announcement['kind']; key: string },
): void {
  const confirmed = deps.events
    .confirm({ ...event, now: deps.now() })
    .catch((error: unknown) => deps.warn('confirm_failed', { ...event, error }))
  deps.later(confirmed)
}
