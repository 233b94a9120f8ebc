import type { Measured } from './load.ts'

export type RowResult = { name: string; measured: Map<number, Measured>; cpuPerFlow: number; roundTrips: string }

export type Report = {
  machine: string
  versions: string
  date: string
  seconds: number
  rows: RowResult[]
  /** Milliseconds: the median, and the time spent waiting for distant servers. */
  floors: { name: string; p50: number; floor: number }[]
  /** What the gateway adds to a request, in milliseconds. */
  gatewayMs: number
  startMs: number
  bundles: { worker: string; bytes: number; gzip: number }[]
}

const rate = (measured: Measured | undefined) =>
  measured === undefined
    ? '–'
    : `${Math.round(measured.perSecond)}${measured.failed > 0 ? ` (${measured.failed} failed)` : ''}`
const time = (measured: Measured | undefined) => (measured === undefined ? '–' : measured.p50.toFixed(1))
const kib = (bytes: number) => (bytes / 1_024).toFixed(0)

export function toMarkdown(report: Report): string {
  const rows = report.rows.map(({ name, measured, cpuPerFlow, roundTrips }) => {
    const [one, some, many] = [measured.get(1), measured.get(16), measured.get(64)]
    return `| ${name} | ${rate(one)} | ${rate(some)} | ${rate(many)} | ${time(one)} | ${time(some)} | ${time(many)} | ${cpuPerFlow.toFixed(2)} | ${roundTrips} |`
  })
  const floors = report.floors.map(
    ({ name, p50, floor }) => `| ${name} | ${p50.toFixed(0)} | ${floor.toFixed(0)} | ${(p50 - floor).toFixed(0)} |`,
  )
  const bundles = report.bundles.map(({ worker, bytes, gzip }) => `| ${worker} | ${kib(bytes)} | ${kib(gzip)} |`)
  return `# Results of \`npm run bench\`

${report.date}, ${report.machine}. ${report.versions}. ${report.seconds} s per cell, after a warm-up. The load
comes from the same machine, so client, workers and database share its cores. All five workers run in one workerd process
with one JavaScript thread; a deployment has many. 100,000 products.

| row | req/s c=1 | c=16 | c=64 | p50 ms c=1 | c=16 | c=64 | CPU ms | round trips |
|---|---|---|---|---|---|---|---|---|
${rows.join('\n')}

CPU is that of workerd, per flow at c=16. "order and pay" is two requests; the round trips are those of the payment.

One client, with PostgreSQL 25 ms, Redis 5 ms and Stripe 150 ms away. Waiting is the time of an empty query for each round
trip, and 150 ms for Stripe:

| row | p50 ms | waiting | beyond it |
|---|---|---|---|
${floors.join('\n')}

The gateway adds ${report.gatewayMs.toFixed(2)} ms to a request, including its token check (median of 1,000 pairs of requests). The
process with all five workers answers ${report.startMs.toFixed(0)} ms after its start.

| bundle | KiB | gzip |
|---|---|---|
${bundles.join('\n')}
`
}
