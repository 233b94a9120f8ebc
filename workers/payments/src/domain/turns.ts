/** Turns there are at an instant (milliseconds). Below zero they are promised: whoever has one waits for it. */
export type Bucket = { turns: number; at: number }

/** How fast turns come: `perSecond`, of which `burst` may be taken at once. */
export type Pace = { perSecond: number; burst: number }

export type Priority = 'customer' | 'background'

/**
 * A turn, `waitMs` from now; null when none comes in time, and then `retryAfterMs` says when to ask again. `spares` are
 * turns for now that come with it, so that a busy caller need not ask each time.
 */
export type Turn = { waitMs: number | null; retryAfterMs: number; spares: number }

/**
 * The pace that keeps any second within a limit: what may be taken at once and what comes in a second make nine tenths
 * of it together. The rest is for calls that take their time on the way and so come closer together than their turns.
 */
export function paceWithin(limitPerSecond: number): Pace {
  return { perSecond: 0.7 * limitPerSecond, burst: Math.max(1, 0.2 * limitPerSecond) }
}

/** Where there are many turns, one in so many of those left comes along as a spare. */
const SPARE_SHARE = 10
const SPARES_AT_MOST = 10

/**
 * Takes a turn that comes within `withinMs`.
 *
 * What runs in the background takes only what is there beyond half a burst, so that customers find turns.
 */
export function takeTurn(
  before: Bucket | undefined,
  pace: Pace,
  ask: { priority: Priority; withinMs: number; now: number },
): { bucket: Bucket; turn: Turn } {
  const { priority, withinMs } = ask
  const { turns: there, at } = bucketAt(before, pace, ask.now)
  const least = priority === 'customer' ? (-withinMs * pace.perSecond) / 1_000 : Math.floor(pace.burst / 2)
  const left = there - 1
  if (left < least) {
    const turn = { waitMs: null, retryAfterMs: msUntil(least + 1, there, pace), spares: 0 }
    return { bucket: { turns: there, at }, turn }
  }
  const spares = priority === 'customer' ? Math.max(0, Math.min(SPARES_AT_MOST, Math.floor(left / SPARE_SHARE))) : 0
  const turn = { waitMs: msUntil(0, left, pace), retryAfterMs: 0, spares }
  return { bucket: { turns: left - spares, at }, turn }
}

/** Gives no turn for `ms`, as Stripe has asked. */
export function pauseTurns(before: Bucket | undefined, pace: Pace, ask: { ms: number; now: number }): Bucket {
  const { turns, at } = bucketAt(before, pace, ask.now)
  return { turns: Math.min(turns, 1 - (ask.ms * pace.perSecond) / 1_000), at }
}

/** A clock that is set back brings no turns, now or later. */
function bucketAt(before: Bucket | undefined, { perSecond, burst }: Pace, now: number): Bucket {
  if (before === undefined) return { turns: burst, at: now }
  const at = Math.max(before.at, now)
  return { turns: Math.min(burst, before.turns + ((at - before.at) * perSecond) / 1_000), at }
}

function msUntil(wanted: number, turns: number, { perSecond }: Pace): number {
  return Math.max(0, Math.ceil(((wanted - turns) * 1_000) / perSecond))
}
