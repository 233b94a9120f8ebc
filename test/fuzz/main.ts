import { parseArgs } from 'node:util'
import { eventually } from '@shop/testing/eventually'
import { startPlatform } from '@shop/testing/platform'
import { shopOf } from '@shop/testing/shop'
import { orHelp } from '../../scripts/arguments.ts'
import { booksMismatches } from '../support/books.ts'
import { setup } from '../support/prebuild.ts'
import { FUZZ_PLATFORM } from './fuzz-platform.ts'
import { describeFailure } from './report.ts'
import { fuzz } from './run.ts'
import { OPERATIONS } from './schema.ts'

const HELP = `npm run test:fuzz [-- --requests <number>] [-- --seed <number> [--path <path>]] [-- --disturbed <part>]

  Sends random sequences of requests, made from openapi.json, to a shop of its own, and checks every answer.

  --requests   how many requests to send at least (default 10000)
  --seed       repeat a run; by default each run is another one
  --path       with the seed of a failure: repeat only that sequence
  --disturbed  the part of the requests during which Postgres, Redis and Stripe fail now and then (default 0.1)
  --capture    when payments are captured: manual (default) or automatic
  --without    ids of operations to leave out, separated by commas, to look past a known fault`

const { values } = orHelp(HELP, () =>
  parseArgs({
    options: {
      requests: { type: 'string', default: '10000' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000_000)) },
      path: { type: 'string' },
      disturbed: { type: 'string', default: '0.1' },
      capture: { type: 'string', default: 'manual' },
      without: { type: 'string', default: '' },
    },
  }),
)

const LEAST_SETTLE_MS = 120_000
/** The books ask the stock object of each variant, of which a long run makes thousands. */
const SETTLE_MS_PER_REQUEST = 5
const PROGRESS_MS = 15_000

/**
 * What these take arrives by mail, or comes from an authenticator, which no answer shows; the last two answer with a socket and
 * with a stream that does not end.
 */
const OUT_OF_REACH = [
  ...['confirmVerification', 'confirmPasswordReset', 'confirmEmail', 'acceptInvitation'],
  ...['confirmTotp', 'addPasskey', 'loginWithFactor', 'loginWithPasskey', 'replaceRecoveryCodes', 'removeFactor'],
  ...['startStepUp', 'openLiveSocket', 'openLiveEvents'],
]

const without = values.without.split(',')
const operations = OPERATIONS.map(({ operationId }) => operationId).filter((id) => !without.includes(id))
const requests = Number(values.requests)
const paymentCapture = values.capture === 'automatic' ? 'automatic' : 'manual'
const seed = Number(values.seed)
console.log(`${requests} requests, --seed ${seed}`)
await setup()
const platform = await startPlatform({ ...FUZZ_PLATFORM, paymentCapture })
try {
  const shop = shopOf(platform)
  const startedAt = Date.now()
  let toldAt = startedAt
  const { tally, failures } = await fuzz(platform, shop, {
    requests,
    seed,
    path: values.path,
    without,
    disturbedPart: Number(values.disturbed),
    onProgress: (sent) => {
      if (Date.now() - toldAt < PROGRESS_MS) return
      toldAt = Date.now()
      console.log(`  ${sent} sent in ${Math.round((toldAt - startedAt) / 1_000)} s`)
    },
  })
  const expected = operations.filter((id) => !OUT_OF_REACH.includes(id))
  console.log(tally.toString())
  console.log(`Never succeeded: ${tally.neverGood(expected).join(', ') || 'none'}`)
  const wrong = failures.map((failure) => describeFailure(failure, paymentCapture))
  if (values.path === undefined) wrong.push(...tally.shortcomings(expected))
  const mismatches = async () => {
    await platform.sweep()
    return booksMismatches(platform, { mayHoldMore: Number(values.disturbed) > 0 })
  }
  const askedAt = Date.now()
  const settleMs = LEAST_SETTLE_MS + SETTLE_MS_PER_REQUEST * tally.sent
  await eventually(mismatches, (found) => found.length === 0, settleMs).catch((error) => wrong.push(String(error)))
  console.log(`The books took ${Math.round((Date.now() - askedAt) / 1_000)} s`)
  for (const one of wrong) console.error(`\n${one}`)
  console.log(wrong.length === 0 ? `\n0 faults in ${tally.sent} requests` : `\nFailed: ${wrong.length}`)
  process.exitCode = wrong.length === 0 ? 0 : 1
} finally {
  await platform.stop()
}
