import type { ProblemTable } from '@shop/kernel/failures'

/** There is no such event, the consumer does not receive it, or its delivery has ended. */
export type DeliveryNotFound = { code: 'delivery_not_found' }
export type EventsFailure = DeliveryNotFound

export const EVENTS_PROBLEMS = {
  delivery_not_found: { status: 404, title: 'No such delivery' },
} as const satisfies ProblemTable<EventsFailure>
