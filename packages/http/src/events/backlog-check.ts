import type { ConsumerLag, EventLog } from '@shop/contracts/events/log'

/** The deliveries of a service's events that are not done, of all its consumers together. */
export type EventBacklog = { pending: number; parked: number; lag_seconds: number }

/**
 * Checks the database of a service by the query for its event backlog, so that readiness shows both in one round trip:
 *
 * `readinessResponse({ postgres: backlog.check }, {}, backlog.details)`
 */
export function backlogCheck({ events, now }: { events: Pick<EventLog, 'lag'>; now: () => Date }) {
  let backlog: EventBacklog | undefined
  return {
    /** Throws when the database does not answer. */
    check: async (): Promise<void> => {
      backlog = sumOf(await events.lag(now()))
    },
    /** Nothing when the check has failed. */
    details: (): { events?: EventBacklog } => (backlog === undefined ? {} : { events: backlog }),
  }
}

function sumOf(lags: readonly ConsumerLag[]): EventBacklog {
  return {
    pending: lags.reduce((sum, { pending }) => sum + pending, 0),
    parked: lags.reduce((sum, { parked }) => sum + parked, 0),
    lag_seconds: Math.max(0, ...lags.map(({ lagSeconds }) => lagSeconds)),
  }
}
