import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { BUILD } from '@shop/local-environment/bundles'
import { LOCAL_MAIL } from '@shop/local-environment/environment'
import { startMailEmulator } from '@shop/mail-emulator'
import { startWebhookReceiver } from '@shop/testing/webhook-receiver'
import { orHelp } from '../scripts/arguments.ts'
import { buildWorkers } from '../scripts/build-workers.ts'
import { settleAll } from './after-sale/backlog.ts'
import { DEPENDENCIES, LIFE, wholeLife } from './after-sale/whole-life.ts'
import { httpClient } from './http.ts'
import { measure } from './load.ts'
import { startServices } from './services.ts'
import { openBenchShop } from './shop.ts'

const HELP = `npm run bench:after-sale [-- --orders <how many>] [-- --concurrency <at the same time>]

  Sells orders and does what follows, with mails and webhooks on: what one order costs in round trips and CPU. Prints a
  table for bench/RESULTS.md.

  --orders       how many (default 500)
  --concurrency  at the same time (default 8)`

const { values: options } = orHelp(HELP, () =>
  parseArgs({
    options: { orders: { type: 'string', default: '500' }, concurrency: { type: 'string', default: '8' } },
  }),
)
const orders = Number(options.orders)
const concurrency = Number(options.concurrency)
/** Stands for the messages of queues, which plain workerd has not, as well as for the clock. */
const SWEEP_EVERY_MS = 5_000

await mkdir(join(BUILD, '..'), { recursive: true })
await buildWorkers()
const mail = await startMailEmulator({ apiKey: LOCAL_MAIL.apiKey })
const receiver = await startWebhookReceiver()
const services = await startServices({ far: true, mailUrl: mail.url })
try {
  const ask = httpClient(services.port)
  const shop = await openBenchShop(services, ask, { isSmall: true })
  const endpoint = { url: receiver.url, events: ['*'] }
  await ask('POST', '/api/webhook-endpoints', { expected: 201, headers: shop.admin, json: endpoint })
  const live = wholeLife(ask, shop)
  // Fresh code is interpreted; a long-running isolate runs compiled code.
  await measure(live, { concurrency, seconds: Number.POSITIVE_INFINITY, limit: Math.min(100, orders) })
  await settleAll(services)
  await measureLives(live)
} finally {
  await services.stop()
  await receiver.stop()
  await mail.close()
}

/** Everything that is counted, so far. */
async function count(live: ReturnType<typeof wholeLife>) {
  return {
    ...services.requests(),
    ownTrips: live.trips(),
    mails: mail.mails().length,
    webhooks: new Set(receiver.events.map(({ id }) => id)).size,
    cpuMs: await services.cpuMs(),
  }
}

async function measureLives(live: ReturnType<typeof wholeLife>): Promise<void> {
  const before = await count(live)
  let sweeps = 0
  const sweeping = setInterval(() => {
    sweeps += 1
    services.sweep().catch(console.error)
  }, SWEEP_EVERY_MS)
  const { completed, failed, perSecond, p50 } = await measure(live, {
    ...{ concurrency, seconds: Number.POSITIVE_INFINITY, limit: orders },
  }).finally(() => clearInterval(sweeping))
  await settleAll(services)
  if (failed > 0) throw new Error(`${failed} orders failed`)
  const after = await count(live)
  const each = (from: number, to: number) => ((to - from) / completed).toFixed(1)
  const own = DEPENDENCIES.map((name) => each(before.ownTrips[name], after.ownTrips[name]))
  const all = [...DEPENDENCIES, 'mails', 'webhooks', 'cpuMs'] as const
  console.log(`
${completed} orders (${LIFE}), ${concurrency} at a time: ${perSecond.toFixed(1)} orders/s, median ${p50.toFixed(0)} ms; ${sweeps} sweeps meanwhile.

| for each order | Postgres | Redis | Stripe | mails | webhooks | CPU ms |
|---|---|---|---|---|---|---|
| in its requests | ${own.join(' | ')} | – | – | – |
| in all, with what follows | ${all.map((name) => each(before[name], after[name])).join(' | ')} |
`)
}
