/** When the level is written to Postgres next; `failures` counts the failed attempts since the last success. */
export type Projection = { dueAt: Date | null; failures: number }

export const NOTHING_DUE: Projection = { dueAt: null, failures: 0 }

/** Changes within this time are written as one. */
const COALESCE_MS = 400
/** The same for the count of sold units, which only sorts a list. The next hold of the variant writes it earlier. */
const SOLD_MS = 3_000
/** Longer than one attempt can take, so that an attempt whose object died is repeated. */
const ATTEMPT_MS = 10_000
const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 30_000

/** After a change: due soon, unless an attempt is running or backing off already. */
export function scheduleProjection(projection: Projection, now: Date): Projection {
  const { dueAt, failures } = projection
  const soon = after(now, COALESCE_MS)
  // An attempt whose outcome is late looks the same; the level is then written twice, which is harmless.
  const waitsForSold = dueAt !== null && failures === 0 && dueAt > soon && dueAt <= after(now, SOLD_MS)
  return dueAt === null || waitsForSold ? { ...projection, dueAt: soon } : projection
}

/** After a sale of held units, which changes only how many were sold. */
export function scheduleSold(projection: Projection, now: Date): Projection {
  return projection.dueAt === null ? { ...projection, dueAt: after(now, SOLD_MS) } : projection
}

export function isDue(projection: Projection, now: Date): boolean {
  return projection.dueAt !== null && projection.dueAt <= now
}

/** Before an attempt: due again if its outcome never arrives. */
export function startAttempt(projection: Projection, now: Date): Projection {
  return { ...projection, dueAt: after(now, ATTEMPT_MS) }
}

/** @param isCurrent false when the level has changed since it was sent */
export function attemptSucceeded(isCurrent: boolean, now: Date): Projection {
  return isCurrent ? NOTHING_DUE : scheduleProjection(NOTHING_DUE, now)
}

export function attemptFailed({ failures }: Projection, now: Date): Projection {
  const delay = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures, 10))
  return { dueAt: after(now, delay), failures: failures + 1 }
}

const after = (now: Date, milliseconds: number) => new Date(now.getTime() + milliseconds)
