import { addSeconds } from '@shop/kernel/time'
import type { QuotaStatus } from './sliding-window.ts'

/** What guesses count together: those of an address, of a known device, or of all strangers. */
export type Pool = {
  name: string
  quota: number
  /** Beyond the quota, one guess at a time after a delay that doubles. Absent: none until the window has room. */
  firstDelaySeconds?: number | undefined
}

/** A sign-in that was begun. It is pending until its outcome is known, and is kept only if the password was wrong. */
export type Guess = { id: string; at: number; pools: string[]; isWrong: boolean }

/** Of a sign-in: `undecided` when the password was not judged. */
export type Outcome = 'right' | 'wrong' | 'undecided'

/** How long the wrong guesses of a log count. */
export type GuessRules = { windowSeconds: number; pools: Pool[] }

/**
 * A sign-in whose outcome was never reported counts this long: its client has left, so it learned nothing. Longer than a
 * request may take, so a guess whose answer somebody waits for counts all that time.
 */
export const PENDING_SECONDS = 15

/**
 * Begins a sign-in, if every pool allows one more. It counts at once, so that guesses made at the same time cannot pass
 * together.
 *
 * @param log oldest first
 */
export function beginGuess(
  log: readonly Guess[],
  guess: { id: string; rules: GuessRules },
  now: Date,
): { log: Guess[]; statuses: QuotaStatus[] } {
  const { id, rules } = guess
  // A call that is repeated begins the same guess.
  const kept = recent(log, rules.windowSeconds, now).filter((begun) => begun.id !== id)
  const statuses = statusesOf(kept, rules, now)
  if (!statuses.every(({ isAllowed }) => isAllowed)) return { log: kept, statuses }
  const begun = { id, at: now.getTime(), pools: rules.pools.map(({ name }) => name), isWrong: false }
  return {
    log: [...kept, begun],
    statuses: statuses.map((status) => ({ ...status, remaining: Math.max(0, status.remaining - 1) })),
  }
}

/**
 * Records the outcome of a sign-in. Only a wrong password stays. A second report, or one that comes too late, changes
 * nothing.
 *
 * @param settled.forgives the pool whose earlier failures a right password clears. Never one that strangers share: else
 * somebody with the password of one account could clear what they tried elsewhere.
 */
export function settleGuess(
  log: readonly Guess[],
  settled: { id: string; outcome: Outcome; rules: GuessRules; forgives?: string | undefined },
  now: Date,
): { log: Guess[]; statuses: QuotaStatus[] } {
  const { id, outcome, rules, forgives } = settled
  const kept = recent(log, rules.windowSeconds, now)
  const judged = kept.flatMap((guess) => {
    if (guess.id === id && !guess.isWrong) return outcome === 'wrong' ? [{ ...guess, isWrong: true }] : []
    if (outcome !== 'right' || forgives === undefined || !guess.isWrong) return [guess]
    const pools = guess.pools.filter((name) => name !== forgives)
    return pools.length === 0 ? [] : [{ ...guess, pools }]
  })
  return { log: judged, statuses: statusesOf(judged, rules, now) }
}

/** When the last of the guesses no longer counts. */
export function guessesExpiry(log: readonly Guess[], windowSeconds: number): Date | undefined {
  const ends = log.map((guess) => expiryOf(guess, windowSeconds).getTime())
  return ends.length === 0 ? undefined : new Date(Math.max(...ends))
}

const expiryOf = ({ at, isWrong }: Guess, windowSeconds: number) =>
  addSeconds(new Date(at), isWrong ? windowSeconds : PENDING_SECONDS)

const recent = (log: readonly Guess[], windowSeconds: number, now: Date) =>
  log.filter((guess) => expiryOf(guess, windowSeconds) > now)

const statusesOf = (log: readonly Guess[], { pools, windowSeconds }: GuessRules, now: Date) =>
  pools.map((pool) =>
    statusOf(
      log.filter((guess) => guess.pools.includes(pool.name)),
      pool,
      { windowSeconds, now },
    ),
  )

function statusOf(
  counted: readonly Guess[],
  { quota, firstDelaySeconds }: Pool,
  { windowSeconds, now }: { windowSeconds: number; now: Date },
): QuotaStatus {
  const over = counted.length - quota
  const ends = counted.map((guess) => expiryOf(guess, windowSeconds).getTime()).sort((one, other) => one - other)
  if (over < 0) {
    return {
      isAllowed: true,
      remaining: -over,
      resetsAt: new Date(ends[0] ?? addSeconds(now, windowSeconds).getTime()),
    }
  }
  // One more is allowed once so many have ended that the quota has room.
  const room = new Date(ends[over] ?? now.getTime())
  if (firstDelaySeconds === undefined) return { isAllowed: false, remaining: 0, resetsAt: room }
  const latest = Math.max(...counted.map(({ at }) => at))
  const delayed = addSeconds(new Date(latest), firstDelaySeconds * 2 ** over)
  const resetsAt = delayed < room ? delayed : room
  return { isAllowed: delayed <= now, remaining: delayed <= now ? 1 : 0, resetsAt: resetsAt > now ? resetsAt : room }
}
