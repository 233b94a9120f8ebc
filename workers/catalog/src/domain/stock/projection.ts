/** When the level has to be written to Postgres next; `failures` counts the attempts since the last that worked. */
export type Projection = { dueAt: Date | null; failures: number }

export const NOTHING_DUE: Projection = { dueAt: null, failures: 0 }

/** Changes this close together are written as one. */
const COALESCE_MS = 400
/** Longer than one attempt can take: one whose object died is made again after it. */
const ATTEMPT_MS = 10_000
const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 30_000

/** After a change: due soon, unless an attempt is under way or backing off already. */
export function noteChange(projection: Projection, now: Date): Projection {
  return projection.dueAt === null ? { ...projection, dueAt: later(now, COALESCE_MS) } : projection
}

export function isDue(projection: Projection, now: Date): boolean {
  return projection.dueAt !== null && projection.dueAt <= now
}

/** Before an attempt: due again only if nothing is heard of it. */
export function startAttempt(projection: Projection, now: Date): Projection {
  return { ...projection, dueAt: later(now, ATTEMPT_MS) }
}

/** @param isCurrent false when the level has moved on since it was sent */
export function attemptSucceeded(isCurrent: boolean, now: Date): Projection {
  return isCurrent ? NOTHING_DUE : noteChange(NOTHING_DUE, now)
}

export function attemptFailed({ failures }: Projection, now: Date): Projection {
  const delay = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures, 10))
  return { dueAt: later(now, delay), failures: failures + 1 }
}

const later = (now: Date, milliseconds: number) => new Date(now.getTime() + milliseconds)
