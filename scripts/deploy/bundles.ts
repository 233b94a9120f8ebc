import { join } from 'node:path'
import { BUILD } from '@shop/local-environment/bundles'
import type { WorkerConfig } from './configs.ts'
import { type MeasureStart, measureStart } from './startup.ts'
import { succeed, type Wrangler } from './wrangler.ts'

export type UploadSize = { kib: number; gzipKib: number }

export type BundleReport = UploadSize & {
  worker: string
  /** CPU time of a start, measured on this machine. */
  startupMs: number
}

/**
 * A compressed bundle above this gets a warning and is deployed. Cloudflare refuses 10 MiB; well below it, start-up time
 * is what a large bundle costs.
 */
const WARN_GZIP_KIB = 1_024

/**
 * A worker that needs longer than this to start is not deployed. Cloudflare refuses 1 s of CPU time; a request that starts
 * an isolate waits for all of it.
 *
 * Source: https://developers.cloudflare.com/workers/platform/limits/#worker-startup-time
 */
const MAX_STARTUP_MS = 100

/** Caches and clock rate of a busy machine make a start slower, so the fastest of several counts. */
const MAX_STARTS = 5

const FOLDER = join(BUILD, 'dry-run')

/**
 * Bundles a worker as a deployment would, without an account or the network, and measures the bundle: its size as
 * wrangler would upload it, and its start-up time.
 *
 * `.local/build/dry-run/<worker>.bundle` is what `wrangler check startup --worker` takes to show where the time goes.
 *
 * @throws Error when it cannot be bundled or started
 */
export async function measureBundle(
  config: WorkerConfig,
  run: Wrangler,
  start: MeasureStart = measureStart,
): Promise<BundleReport> {
  const { name, path } = config
  const folder = join(FOLDER, name)
  const upload = ['--outdir', folder, '--outfile', `${folder}.bundle`]
  const bundled = await succeed(run, ['deploy', '--dry-run', '-c', path, ...upload])
  return { worker: name, ...uploadSize(bundled), startupMs: await fastestStart(() => start(config, folder)) }
}

/** @throws Error when this is not what `wrangler deploy` prints */
export function uploadSize(output: string): UploadSize {
  const [, kib, gzipKib] = /Total Upload: ([\d.]+) KiB \/ gzip: ([\d.]+) KiB/.exec(output) ?? []
  if (kib === undefined || gzipKib === undefined) throw new Error(`wrangler does not report a size: ${output}`)
  return { kib: Number(kib), gzipKib: Number(gzipKib) }
}

async function fastestStart(start: () => Promise<number>): Promise<number> {
  let fastest = Number.POSITIVE_INFINITY
  for (let starts = 0; starts < MAX_STARTS && fastest > MAX_STARTUP_MS; starts += 1) {
    fastest = Math.min(fastest, await start())
  }
  return fastest
}

/** The warning that a bundle deserves, if any. */
export const sizeWarning = ({ gzipKib }: UploadSize): string | undefined =>
  gzipKib > WARN_GZIP_KIB ? `warning: above ${WARN_GZIP_KIB} KiB` : undefined

const startsSlowly = ({ startupMs }: BundleReport): boolean => startupMs > MAX_STARTUP_MS

/** @throws Error naming the workers that start too slowly */
export function assertFastStart(reports: BundleReport[]): void {
  const slow = reports.filter(startsSlowly).map(({ worker }) => worker)
  if (slow.length > 0) throw new Error(`Above ${MAX_STARTUP_MS} ms of CPU time to start: ${slow.join(', ')}`)
}

function remarksOn(report: BundleReport): string[] {
  const remarks = [startsSlowly(report) ? `above ${MAX_STARTUP_MS} ms` : undefined, sizeWarning(report)]
  return remarks.filter((remark) => remark !== undefined)
}

export function bundleTable(reports: BundleReport[]): string {
  const rows = reports.map((report) => [
    report.worker,
    report.kib.toFixed(1),
    report.gzipKib.toFixed(1),
    report.startupMs.toFixed(1),
    remarksOn(report).join(', ') || 'ok',
  ])
  const table = [['worker', 'KiB', 'gzip KiB', 'start-up ms', ''], ...rows]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
  return table
    .map(([name = '', ...cells]) => {
      const figures = cells.slice(0, 3).map((cell, column) => cell.padStart(widths[column + 1] ?? 0))
      return [name.padEnd(widths[0] ?? 0), ...figures, cells[3] ?? ''].join('  ').trimEnd()
    })
    .join('\n')
}
