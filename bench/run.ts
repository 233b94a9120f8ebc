import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { BUILD } from '@shop/local-environment/bundles'
import { WORKERS } from '@shop/services'
import { orHelp } from '../scripts/arguments.ts'
import { buildWorkers } from '../scripts/build-workers.ts'
import { type Ask, httpClient, tripsOf } from './http.ts'
import { type Measured, measure } from './load.ts'
import { type Report, type RowResult, toMarkdown } from './report.ts'
import { type Row, rowsOf } from './rows.ts'
import { type Services, startServices } from './services.ts'
import { openBenchShop, type Shop } from './shop.ts'

const RESULTS = fileURLToPath(new URL('./RESULTS.md', import.meta.url))
/** Simulated distances, in milliseconds, for measuring what a request costs beyond its round trips. */
const FAR = { postgres: 25, redis: 5, stripe: 150 }
const PAIRS = 1_000
/** Fresh code is interpreted; a long-running isolate runs compiled code. */
const WARM_UP_SECONDS = 3
const NEAR = { postgres: 0, redis: 0, stripe: 0 }

const HELP = `npm run bench [-- --only <part of a row's name>] [-- --seconds <each measurement>] [-- --write]

  Measures the workers' bundles under plain workerd, on this machine.

  --only      measure only rows whose name contains this text
  --seconds   duration of each measurement (default 4)
  --write     write the results to bench/RESULTS.md`

const { values: options } = orHelp(HELP, () =>
  parseArgs({
    options: {
      seconds: { type: 'string', default: '4' },
      only: { type: 'string', default: '' },
      write: { type: 'boolean', default: false },
    },
  }),
)
const seconds = Number(options.seconds)

async function measureRow(row: Row, services: Services): Promise<RowResult> {
  const roundTrips = textOf(tripsOf(await row.flow(0)))
  await measure(ignoringAnswer(row.flow), { concurrency: 16, seconds: WARM_UP_SECONDS })
  const measured = new Map<number, Measured>()
  let cpuPerFlow = Number.NaN
  for (const concurrency of row.concurrencies) {
    const cpuBefore = await services.cpuMs()
    const [result] = await Promise.all([
      measure(ignoringAnswer(row.flow), { concurrency, seconds }),
      row.beside && measure(ignoringAnswer(row.beside.flow), { concurrency: row.beside.concurrency, seconds }),
    ])
    measured.set(concurrency, result)
    if (concurrency === 16) cpuPerFlow = ((await services.cpuMs()) - cpuBefore) / result.completed
  }
  console.log(`${row.name}: ${Math.round(measured.get(16)?.perSecond ?? 0)}/s at c=16; ${roundTrips}`)
  return { name: row.name, measured, cpuPerFlow, roundTrips }
}

const ignoringAnswer = (flow: Row['flow']) => async (n: number) => {
  await flow(n)
}

/** As text, such as `postgres 2, stripe 1`. */
function textOf(trips: Record<string, number>): string {
  const parts = Object.entries(trips).map(([dependency, count]) => `${dependency} ${count}`)
  return parts.join(', ') || 'none'
}

/** Milliseconds a flow takes beyond waiting for its sequential round trips. */
async function aboveTheFloor(services: Services, rows: Row[]): Promise<Report['floors']> {
  const floors = []
  for (const row of rows) {
    services.delayBy(NEAR)
    await measure(ignoringAnswer(row.flow), { concurrency: 1, seconds: 0.5 })
    services.delayBy(FAR)
    const { p50 } = await measure(ignoringAnswer(row.flow), { concurrency: 1, seconds: Math.max(seconds, 3) })
    floors.push({ name: row.name, p50, floor: floorOf(row.name, await services.roundTripMs()) })
    services.delayBy(NEAR)
  }
  return floors
}

/** Sequential waits: reading prices and claiming a key run in parallel; a payment's last round trip follows its answer. */
function floorOf(name: string, roundTripMs: number): number {
  if (name.startsWith('order and pay')) return 2 * roundTripMs + 5 * roundTripMs + FAR.stripe
  if (name.startsWith('place order')) return 2 * roundTripMs
  return roundTripMs
}

/**
 * How much longer the same answer takes through the gateway, including its token check, than directly from the worker:
 * the median over pairs of sequential requests.
 */
async function gatewayShare(services: Services, shop: Shop): Promise<number> {
  const clients = { gateway: httpClient(services.port), worker: httpClient(services.catalogPort) }
  const path = `/api/products/${shop.products[0]}`
  const caller = { 'x-shop-caller': JSON.stringify({ kind: 'user', userId: 'user_bench', role: 'admin' }) }
  const time = async (ask: Ask, headers: Record<string, string>) => {
    const begun = performance.now()
    await ask('GET', path, { expected: 200, headers })
    return performance.now() - begun
  }
  const differences: number[] = []
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const through = await time(clients.gateway, shop.admin)
    differences.push(through - (await time(clients.worker, caller)))
  }
  differences.sort((a, b) => a - b)
  return differences[PAIRS / 2] ?? Number.NaN
}

async function bundleSizes(): Promise<Report['bundles']> {
  return Promise.all(
    WORKERS.map(async (worker) => {
      const bundle = await readFile(join(BUILD, worker, 'index.js'))
      return { worker, bytes: bundle.length, gzip: gzipSync(bundle).length }
    }),
  )
}

async function versions(): Promise<string> {
  const { version } = JSON.parse(
    await readFile(fileURLToPath(new URL('../node_modules/workerd/package.json', import.meta.url)), 'utf8'),
  ) as { version: string }
  const { stdout } = await promisify(execFile)('git', ['rev-parse', '--short', 'HEAD']).catch(() => ({ stdout: '?' }))
  return `workerd ${version}, Node ${process.version}, PostgreSQL 18 (fsync on), commit ${stdout.trim()}`
}

await mkdir(join(BUILD, '..'), { recursive: true })
await buildWorkers()
const services = await startServices({ far: false })
const results: RowResult[] = []
let gatewayMs = Number.NaN
try {
  const ask = httpClient(services.port)
  const shop = await openBenchShop(services, ask)
  const rows = rowsOf(ask, shop).filter((row) => row.name.includes(options.only))
  for (const row of rows) results.push(await measureRow(row, services))
  gatewayMs = await gatewayShare(services, shop)
} finally {
  await services.stop()
}
const far = await startServices({ far: true })
let floors: Report['floors'] = []
try {
  const ask = httpClient(far.port)
  const shop = await openBenchShop(far, ask)
  const names = ['one product, uncached', 'list of 20, uncached', 'place order, 1 line', 'order and pay']
  const rows = names.flatMap((name) =>
    rowsOf(ask, shop)
      .filter((row) => row.name.startsWith(name))
      .slice(0, 1),
  )
  floors = await aboveTheFloor(far, rows)
} finally {
  await far.stop()
}
const report: Report = {
  machine: `${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}`,
  versions: await versions(),
  date: new Date().toISOString().slice(0, 10),
  seconds,
  rows: results,
  floors,
  gatewayMs,
  startMs: services.startMs,
  bundles: await bundleSizes(),
}
const markdown = toMarkdown(report)
if (options.write) await writeFile(RESULTS, markdown)
console.log(`\n${markdown}`)
