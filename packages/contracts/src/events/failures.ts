import type { ProblemTable } from '@shop/kernel'

/** No such event, or it is none that this consumer takes, or its delivery is over. */
export type DeliveryNotFound = { code: 'delivery_not_found' }
export type EventsFailure = DeliveryNotFound

export const EVENTS_PROBLEMS = {
  delivery_not_found: { status: 404, title: 'No such delivery' },
} as const satisfies ProblemTable<EventsFailure>
