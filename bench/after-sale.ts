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
import { LIFE, wholeLife } from './after-sale/whole-life.ts'
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
  const shop = await openBenchShop(services, ask)
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

async function measureLives(live: ReturnType<typeof wholeLife>): Promise<void> {
  const mailsBefore = mail.mails().length
  const eventsBefore = receiver.events.length
  const before = { ...services.requests(), cpuMs: await services.cpuMs(), trips: live.trips() }
  const sweeping = setInterval(() => void services.sweep().catch(console.error), SWEEP_EVERY_MS)
  const { completed, failed, perSecond, p50 } = await measure(live, {
    ...{ concurrency, seconds: Number.POSITIVE_INFINITY, limit: orders },
  }).finally(() => clearInterval(sweeping))
  await settleAll(services)
  if (failed > 0) throw new Error(`${failed} orders failed`)
  const after = { ...services.requests(), cpuMs: await services.cpuMs(), trips: live.trips() }
  const each = (from: number, to: number) => ((to - from) / completed).toFixed(1)
  const mails = each(mailsBefore, mail.mails().length)
  const webhooks = each(
    eventsBefore,
    new Set(receiver.events.slice(eventsBefore).map(({ id }) => id)).size + eventsBefore,
  )
  console.log(`
${completed} orders (${LIFE}), ${concurrency} at a time: ${perSecond.toFixed(1)} orders/s, median ${p50.toFixed(0)} ms.

| for each order | Postgres | Redis | Stripe | mails | webhooks | CPU ms |
|---|---|---|---|---|---|---|
| in its requests | ${each(before.trips.postgres, after.trips.postgres)} | ${each(before.trips.redis, after.trips.redis)} | ${each(before.trips.stripe, after.trips.stripe)} | – | – | – |
| in all, with what follows | ${each(before.postgres, after.postgres)} | ${each(before.redis, after.redis)} | ${each(before.stripe, after.stripe)} | ${mails} | ${webhooks} | ${each(before.cpuMs, after.cpuMs)} |
`)
}
