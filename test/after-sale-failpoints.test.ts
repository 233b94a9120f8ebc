import type { FaultHandle } from '@shop/emulator-kit/fault-list'
import { eventually } from '@shop/testing/eventually'
import { startWebhookReceiver } from '@shop/testing/webhook-receiver'
import { describe, expect, it } from 'vitest'
import { letTimePass } from './after-sale/records.ts'
import type { Boundary, Scenario, Try } from './after-sale/scenario.ts'
import { SCENARIOS } from './after-sale/scenarios.ts'
import { asStaff } from './after-sale/sold-order.ts'
import { booksMismatches } from './support/books.ts'
import { usePlatform } from './support/use-platform.ts'

/**
 * What happens after a sale, by the list of scenarios. For every n, the n-th request to a dependency fails: either before the
 * work, or after it with the answer lost. Then everything settles: each effect is there once, nothing is lost, and what is told
 * about a key comes in order. `LONG=1` runs every boundary, before and after; without it, every third one, after, and fewer of
 * scenarios of many calls.
 */
const stage = usePlatform({ paymentCapture: 'manual', attemptSeconds: 1, paymentCheckSeconds: 1 })

const MOST_BOUNDARIES = process.env.LONG ? 60 : 24
/** Nothing goes on any more when the shop has asked Postgres nothing for so long: longer than a queue takes to wake somebody. */
const QUIET_MS = 1_000
const SETTLED_MS = 90_000

const KINDS = process.env.LONG ? (['cut_before', 'cut_after'] as const) : (['cut_after'] as const)
/** From which request on, and how many apart. */
const requestsOf = ({ isLong = false }: Scenario) =>
  process.env.LONG ? { first: 0, step: 1 } : isLong ? { first: 3, step: 12 } : { first: 0, step: 3 }

/**
 * Has one request fail. Until it has, the test asks the shop nothing of its own, since its requests would be counted.
 *
 * @returns whether a request failed: false once there are not as many as should pass before it
 */
async function interrupted(tried: Try, fail: () => FaultHandle): Promise<boolean> {
  const fault = fail()
  const requests = stage.platform.database.faults.add({ kind: 'delay', ms: 0, times: Number.POSITIVE_INFINITY })
  await tried.run()
  let [seen, changedAt] = [requests.hits(), Date.now()]
  const isOver = async () => {
    if (requests.hits() !== seen) [seen, changedAt] = [requests.hits(), Date.now()]
    return fault.hits() > 0 || Date.now() - changedAt > QUIET_MS
  }
  await eventually(isOver, (over) => over, SETTLED_MS)
  requests.remove()
  fault.remove()
  return fault.hits() > 0
}

/** Sweeps until every try is as it has to be. */
async function settle(tries: readonly Try[]): Promise<void> {
  let unsettled = tries
  const look = async () => {
    await letTimePass(stage)
    // Two sweeps at once, as when one takes longer than the interval.
    await Promise.all([stage.platform.sweep(), stage.platform.sweep()])
    const mismatches = await Promise.all(unsettled.map((tried) => tried.mismatches()))
    unsettled = unsettled.filter((_, index) => mismatches[index]?.length !== 0)
    return mismatches.flat()
  }
  await eventually(look, (mismatches) => mismatches.length === 0, SETTLED_MS)
}

/** A receiver of all events of the shop. */
async function openReceiver() {
  const receiver = await startWebhookReceiver()
  const body = { url: receiver.url, events: ['*'] }
  const { webhook_endpoint: endpoint } = (await asStaff(stage, 'POST', '/api/webhook-endpoints', body)).body
  const close = async () => {
    await asStaff(stage, 'DELETE', `/api/webhook-endpoints/${endpoint.id}`)
    await receiver.stop()
  }
  return { receiver, close }
}

async function interruptEverywhere(scenario: Scenario, boundary: Boundary, kind: (typeof KINDS)[number]) {
  // The rate limit is per user, so each run has an administrator of its own.
  stage.admin = await stage.shop.signUpAdmin()
  const opened = scenario.hasReceiver && (await openReceiver())
  const failing = { ...stage, receiver: opened?.receiver }
  const tries: Try[] = []
  const { first, step } = requestsOf(scenario)
  for (let skip = first; skip < MOST_BOUNDARIES; skip += step) {
    const tried = await scenario.begin(failing, `${scenario.name}, request ${skip + 1}`)
    tries.push(tried)
    if (!(await interrupted(tried, () => boundary.fail(failing, kind, skip)))) break
  }
  expect(tries.length).toBeGreaterThan(1)
  await settle(tries)
  // Settled states stay settled, whatever comes again.
  await letTimePass(stage)
  await stage.platform.sweep()
  expect((await Promise.all(tries.map((tried) => tried.mismatches()))).flat()).toEqual([])
  await opened?.close()
}

describe.each(SCENARIOS)('$name', (scenario) => {
  const boundaries = scenario.isLong && !process.env.LONG ? scenario.boundaries.slice(0, 1) : scenario.boundaries
  const failures = boundaries.flatMap((boundary) => KINDS.map((kind) => [boundary.name, kind, boundary] as const))

  it.each(failures)(
    'has each effect once, whatever request to %s is lost (%s)',
    async (_, kind, boundary) => {
      await interruptEverywhere(scenario, boundary, kind)
    },
    600_000,
  )
})

describe('after all of them', () => {
  it('orders, payments, ledger, stock, gift cards and Stripe agree', async () => {
    await settle([{ run: () => Promise.resolve(), mismatches: () => booksMismatches(stage.platform) }])
  }, 120_000)
})
