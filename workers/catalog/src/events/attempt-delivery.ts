import type { Consumer } from '@shop/contracts/events/define'
import type { Receipt } from '@shop/contracts/events/delivery'
import type { Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'

/** The outcome of an event at a consumer; `skipped` when there was nothing to do. */
export type Delivered = Result<'done' | 'skipped', { code: string }>

/** Delivers one event. A throw counts as an outage: the delivery is repeated. */
export async function attemptDelivery(
  { warn }: Pick<CatalogDeps, 'warn'>,
  { consumer, eventId }: { consumer: Consumer; eventId: number },
  deliver: () => Promise<Delivered>,
): Promise<Receipt> {
  try {
    const delivered = await deliver()
    if (delivered.ok) return { eventId, outcome: delivered.value }
    warn('event_refused', { consumer, eventId, failure: delivered.failure })
    return { eventId, outcome: 'failed', failure: delivered.failure.code }
  } catch (error) {
    warn('event_postponed', { consumer, eventId, error })
    return { eventId, outcome: 'failed', failure: 'service_unavailable' }
  }
}
