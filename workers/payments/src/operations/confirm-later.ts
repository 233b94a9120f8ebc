import type { PaymentEvent, PaymentsDeps } from '../ports.ts'

/**
 * Takes an event that orders has confirmed off the list, after the answer: its row stays until that is done, and telling
 * orders again changes nothing.
 */
export function confirmLater(deps: PaymentsDeps, event: { kind: PaymentEvent['kind']; key: string }): void {
  const confirmed = deps.store
    .confirmAnnounced({ ...event, now: deps.now() })
    .catch((error: unknown) => deps.warn('confirm_failed', { ...event, error }))
  deps.later(confirmed)
}
