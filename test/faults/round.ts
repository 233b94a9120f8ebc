import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Platform } from '@shop/testing/platform'
import type { OutageKind } from './faults.ts'
import { type Acknowledged, type Answer, type Buyers, startLoad } from './load.ts'

/** What one outage did to the shop. */
export type Measured = {
  name: string
  answers: Answer[]
  acknowledged: Acknowledged
  /** Answers of 5xx, by what was requested, while the outage lasted. */
  unavailable: number
  slowestMs: number
  /**
   * What the machine of the tests itself takes: the slowest answer before the outage, and the longest time that this
   * process was not run. Next to nothing, but on an overloaded machine.
   */
  baselineMs: number
  /** From the end of the outage until the last request was sent that did not get its normal answer. */
  recoveryMs: number
}

/** Before the outage, so that connections and caches are as in a running shop. */
const BEFORE_MS = 1_500
/** After the outage the load goes on until everything is normal for so long, at most for the longest. */
const NORMAL_MS = 2_000
const LONGEST_AFTER_MS = 15_000
const SWEEP_EVERY_MS = 3_000
const POLL_MS = 50

/** Runs one outage under load, with the shop's own sweeps going on. */
export async function runRound(platform: Platform, buyers: Buyers, outage: OutageKind): Promise<Measured> {
  const lag = monitorEventLoopDelay({ resolution: 10 })
  lag.enable()
  const load = startLoad(buyers)
  const sweeping = setInterval(() => platform.sweep().catch(() => undefined), SWEEP_EVERY_MS)
  try {
    await sleep(BEFORE_MS)
    const beganAt = performance.now()
    const end = await outage.begin(platform)
    await sleep(outage.seconds * 1_000)
    await end()
    const endedAt = performance.now()
    const recoveryMs = () => lastBadAfter(load.answers, endedAt) - endedAt
    while (performance.now() < endedAt + LONGEST_AFTER_MS) {
      await sleep(POLL_MS)
      if (performance.now() - endedAt - recoveryMs() > NORMAL_MS) break
    }
    await load.stop()
    const { answers, acknowledged } = load
    const before = answers.filter(({ sentAt, ms }) => sentAt + ms < beganAt).map(({ ms }) => ms)
    return {
      name: outage.name,
      answers,
      acknowledged,
      unavailable: answers.filter(({ sentAt, status }) => sentAt > beganAt && sentAt < endedAt && status >= 500).length,
      slowestMs: Math.max(...answers.map(({ ms }) => ms)),
      baselineMs: Math.max(0, ...before) + lag.max / 1e6,
      recoveryMs: recoveryMs(),
    }
  } finally {
    lag.disable()
    clearInterval(sweeping)
    await load.stop()
  }
}

/** When the last request after `endedAt` was sent that got no normal answer; `endedAt` if all did. */
function lastBadAfter(answers: Answer[], endedAt: number): number {
  const bad = answers.filter(({ sentAt, status }) => sentAt > endedAt && !isNormal(status))
  return Math.max(endedAt, ...bad.map(({ sentAt }) => sentAt))
}

export const isNormal = (status: number): boolean => status >= 200 && status < 300
