import type { Platform } from '@shop/testing/platform'
import type { Shop } from '@shop/testing/shop'
import fc from 'fast-check'
import { type Agency, startAgency } from './cast.ts'
import { memberOf } from './exchange.ts'
import { Owners } from './owners.ts'
import { type Done, runSequence } from './run-sequence.ts'
import { newSender, type Sender } from './send.ts'
import { Slowness } from './slowness.ts'
import { type Choice, sequence } from './step.ts'
import { Tally } from './tally.ts'

export type FuzzOptions = {
  /** The least number of requests. */
  requests: number
  /** Repeats the same sequences; what ids and times the shop answers differs. */
  seed: number
  /** Of a failure, to repeat only that sequence; `seed` is then that of the failure. */
  path?: string | undefined
  /** The part of the requests that meets faults of Postgres, Redis and Stripe; those come last. Default 0.1. */
  disturbedPart?: number
  /** Ids of operations to leave out, to look past a known fault. */
  without?: string[]
  /** Told after every sequence. */
  onProgress?(sent: number): void
}

/** The shortest sequence found that breaks a rule, and how to run it again. */
export type Failure = { seed: number; path: string; isDisturbed: boolean; done: Done[] }

export type FuzzResult = { tally: Tally; failures: Failure[] }

/** Sequences that run at the same time. */
const LANES = 4
/** Long enough for an order to be placed, paid, refunded and disputed. */
const LONGEST = 120
const SWEEP_EVERY_MS = 10_000
/** How long to look for a shorter sequence after a failure. */
const SHRINK_MS = 90_000

type Run = FuzzOptions & {
  platform: Platform
  agency: Agency
  owners: Owners
  sender: Sender
  tally: Tally
  slowness: Slowness
  sequences: fc.Arbitrary<Choice[]>
}

/**
 * Sends random sequences of requests, valid ones and broken ones, from all kinds of caller, and checks every answer. What
 * the shop then holds is for `booksMismatches` to judge.
 */
export async function fuzz(platform: Platform, shop: Shop, options: FuzzOptions): Promise<FuzzResult> {
  const sequences = sequence(LONGEST, options.without ?? [])
  const agency = startAgency(platform, shop)
  const sender = newSender(platform.url)
  const known = { owners: new Owners(), tally: new Tally(), slowness: new Slowness() }
  const run: Run = { ...options, ...known, platform, agency, sender, sequences }
  const sweeping = setInterval(() => {
    platform.clearLogs()
    platform.sweep().catch(() => undefined)
  }, SWEEP_EVERY_MS)
  try {
    const failures = await phase(run, options.requests * (1 - (options.disturbedPart ?? 0.1)), false)
    if (failures.length === 0) failures.push(...(await phase(run, options.requests, true)))
    return { tally: run.tally, failures }
  } finally {
    clearInterval(sweeping)
    platform.database.faults.clear()
    platform.upstash.faults.clear()
    platform.stripe.faults.clear()
    sender.close()
  }
}

/** Runs all lanes until so many requests were sent in all. */
async function phase(run: Run, until: number, isDisturbed: boolean): Promise<Failure[]> {
  const lanes = run.path === undefined ? LANES : 1
  let isFailed = false
  const lane = async (number: number): Promise<Failure[]> => {
    for (let round = 0; run.tally.sent < until && !isFailed; round += 1) {
      const seed = run.path === undefined ? run.seed + 1_000 * round + 2 * number + (isDisturbed ? 1 : 0) : run.seed
      const failure = await check(run, seed, isDisturbed, () => run.tally.sent >= until || isFailed)
      if (failure !== undefined) {
        isFailed = true
        return [failure]
      }
      if (run.path !== undefined) break
    }
    return []
  }
  return (await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)))).flat()
}

const SEQUENCES_PER_SEED = 50

const isOfEndedSession = ({ exchange: { answer, body } }: Done) =>
  answer.status === 401 && memberOf(body, 'reason') === 'ended'

/** Of an administrator whom a sequence has given another role. */
const isOfDemotion = ({ exchange: { isStaff, answer, body } }: Done) =>
  isStaff && answer.status === 403 && memberOf(body, 'code') === 'forbidden'

/** Runs sequences of one seed, and shortens the first that breaks a rule. */
async function check(
  run: Run,
  seed: number,
  isDisturbed: boolean,
  isEnough: () => boolean,
): Promise<Failure | undefined> {
  let sent = 0
  const casting = run.agency.castingFor(() => sent)
  let failed: { done: Done[]; at: number } | undefined
  const property = fc.asyncProperty(run.sequences, async (choices) => {
    const isOver = failed === undefined ? isEnough() : Date.now() - failed.at > SHRINK_MS
    if (isOver) return true
    const { agency, tally, owners, sender, platform, slowness } = run
    const done = await runSequence(
      {
        platform,
        sender,
        owners,
        slowness,
        isDisturbed,
        secrets: agency.secrets,
        cast: await casting.cast(),
        address: `10.${seed % 256}.${tally.sent % 256}.${Math.floor(Math.random() * 256)}`,
        onDone: (one) => {
          sent += 1
          tally.add(one, slowness.excuses(one.exchange.answer, performance.now()))
        },
      },
      choices,
    )
    if (done.some((one) => isOfEndedSession(one) || isOfDemotion(one))) casting.renew()
    run.onProgress?.(tally.sent)
    if (done.every(({ violations }) => violations.length === 0)) return true
    failed = { done, at: failed?.at ?? Date.now() }
    return false
  })
  const { path: given } = run
  const parameters = { seed, numRuns: SEQUENCES_PER_SEED, unbiased: true, endOnFailure: false }
  const result = await fc.check(property, given === undefined ? parameters : { ...parameters, path: given })
  if (failed === undefined) {
    if (result.failed) throw result.errorInstance
    return undefined
  }
  return { seed, path: result.counterexamplePath ?? '', isDisturbed, done: failed.done }
}
