import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  beginGuess,
  type Guess,
  type GuessRules,
  guessesExpiry,
  type Outcome,
  PENDING_SECONDS,
  settleGuess,
} from '../../src/limits/domain/guesses.ts'
import { accountRules, forgivenPool } from '../../src/limits/domain/sign-in-rules.ts'

const START = new Date('2026-11-23T10:00:00.000Z')
const after = (seconds: number) => new Date(START.getTime() + seconds * 1_000)

const STRICT: GuessRules = { windowSeconds: 3_600, pools: [{ name: 'all', quota: 3 }] }
const DELAYED: GuessRules = { windowSeconds: 3_600, pools: [{ name: 'one', quota: 2, firstDelaySeconds: 15 }] }

/** Begins and settles a guess at a time. */
function make(log: Guess[], rules: GuessRules, seconds: number, outcome: Outcome = 'wrong', forgives?: string) {
  const id = `${seconds}`
  const begun = beginGuess(log, { id, rules }, after(seconds))
  const isAllowed = begun.statuses.every((status) => status.isAllowed)
  const settled = settleGuess(begun.log, { id, outcome, rules, forgives }, after(seconds))
  return { isAllowed, log: isAllowed ? settled.log : begun.log, statuses: begun.statuses }
}

describe('a guess', () => {
  it('counts from its beginning, so that guesses at the same time cannot pass together', () => {
    let log: Guess[] = []
    const allowed = ['a', 'b', 'c', 'd'].map((id) => {
      const begun = beginGuess(log, { id, rules: STRICT }, START)
      log = begun.log
      return begun.statuses[0]
    })
    expect(allowed.map((status) => [status?.isAllowed, status?.remaining])).toEqual([
      [true, 2],
      [true, 1],
      [true, 0],
      [false, 0],
    ])
  })

  it('that is begun again by a repeated call counts once', () => {
    const once = beginGuess([], { id: 'a', rules: STRICT }, START)
    expect(beginGuess(once.log, { id: 'a', rules: STRICT }, START)).toEqual(once)
  })

  it('no longer counts after an hour', () => {
    const { log } = make([], STRICT, 0)
    expect(make(log, STRICT, 3_599).log).toHaveLength(2)
    expect(make(log, STRICT, 3_600).log).toHaveLength(1)
    expect(guessesExpiry(log, 3_600)).toEqual(after(3_600))
    expect(guessesExpiry([], 3_600)).toBeUndefined()
  })

  it.each(['right', 'undecided'] as const)('that was %s does not count', (outcome) => {
    expect(make([], STRICT, 0, outcome).log).toEqual([])
  })

  it('whose client has left ends by itself', () => {
    const { log } = beginGuess([], { id: 'a', rules: STRICT }, START)
    expect(guessesExpiry(log, 3_600)).toEqual(after(PENDING_SECONDS))
    const left = (seconds: number) => beginGuess(log, { id: 'b', rules: STRICT }, after(seconds)).statuses[0]?.remaining
    expect([left(PENDING_SECONDS - 1), left(PENDING_SECONDS)]).toEqual([1, 2])
  })

  it('that was wrong stays wrong, whatever is reported later', () => {
    const wrong = make([], STRICT, 0).log
    const again = settleGuess(wrong, { id: '0', outcome: 'right', rules: STRICT }, after(1))
    expect(again.log).toEqual(wrong)
  })

  it('beyond a quota without delays waits until one has ended', () => {
    let log: Guess[] = []
    for (const seconds of [0, 10, 20]) log = make(log, STRICT, seconds).log
    expect(make(log, STRICT, 30).statuses).toEqual([{ isAllowed: false, remaining: 0, resetsAt: after(3_600) }])
    expect(make(log, STRICT, 3_600).isAllowed).toBe(true)
  })

  it('beyond a quota with delays waits twice as long after each failure', () => {
    let log: Guess[] = []
    const waits: number[] = []
    for (let seconds = 0; seconds < 1_000; seconds += 1) {
      const made = make(log, DELAYED, seconds)
      if (made.isAllowed) waits.push(seconds)
      log = made.log
    }
    expect(waits).toEqual([0, 1, 16, 46, 106, 226, 466, 946])
  })

  it('that is right clears the pool that it forgives, and no other', () => {
    const both: GuessRules = {
      windowSeconds: 3_600,
      pools: [
        { name: 'mine', quota: 5 },
        { name: 'all', quota: 5 },
      ],
    }
    const { log } = make(make([], both, 0).log, both, 1, 'right', 'mine')
    expect(log).toEqual([{ id: '0', at: START.getTime(), pools: ['all'], isWrong: true }])
    expect(make(make([], DELAYED, 0).log, DELAYED, 1, 'right', 'one').log).toEqual([])
  })
})

/** One sign-in of a history: who, how many seconds after the one before, and what came of it. */
const sign = fc.record({
  who: fc.integer({ min: 0, max: 40 }),
  wait: fc.integer({ min: 0, max: 400 }),
  outcome: fc.constantFrom<Outcome | 'lost'>('wrong', 'wrong', 'wrong', 'right', 'undecided', 'lost'),
})

/** Runs a history of sign-ins by strangers at one account. @returns when each was wrong */
function wrongTries(history: { who: number; wait: number; outcome: Outcome | 'lost' }[]) {
  let log: Guess[] = []
  let now = START
  const wrong: number[] = []
  for (const [index, { who, wait, outcome }] of history.entries()) {
    now = new Date(now.getTime() + wait * 1_000)
    const hashes = { address: `${who}` }
    const { rules } = accountRules(hashes).unknown
    const id = `${index}`
    const begun = beginGuess(log, { id, rules }, now)
    log = begun.log
    if (!begun.statuses.every(({ isAllowed }) => isAllowed) || outcome === 'lost') continue
    log = settleGuess(log, { id, outcome, rules, forgives: forgivenPool(hashes, false) }, now).log
    if (outcome === 'wrong') wrong.push(now.getTime())
  }
  return { wrong, log, now }
}

describe('whatever strangers do', () => {
  it('they get at most 20 wrong tries at an account in any hour, from however many addresses', () => {
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 300 }), (history) => {
        const { wrong } = wrongTries(history)
        for (const at of wrong) {
          expect(wrong.filter((other) => other > at - 3_600_000 && other <= at).length).toBeLessThanOrEqual(20)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('a device that the account knows may sign in', () => {
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 200 }), (history) => {
        const { log, now } = wrongTries(history)
        const { rules } = accountRules({ address: '0', device: 'owner' }).known
        expect(beginGuess(log, { id: 'owner', rules }, now).statuses).toMatchObject([{ isAllowed: true, remaining: 4 }])
      }),
      { numRuns: 100 },
    )
  })

  it('nothing stays counted but wrong passwords', () => {
    const harmless = sign.filter(({ outcome }) => outcome !== 'wrong')
    fc.assert(
      fc.property(fc.array(harmless, { maxLength: 100 }), (history) => {
        const { log, now } = wrongTries(history)
        const later = new Date(now.getTime() + PENDING_SECONDS * 1_000)
        const { rules } = accountRules({ address: '0' }).unknown
        expect(beginGuess(log, { id: 'later', rules }, later).log).toHaveLength(1)
      }),
      { numRuns: 100 },
    )
  })
})
