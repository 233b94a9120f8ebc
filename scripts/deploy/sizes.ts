import { join } from 'node:path'
import { BUILD } from '@shop/local-environment/bundles'
import { isPublic, type WorkerConfig } from './configs.ts'
import { complaintOf, type Wrangler } from './wrangler.ts'

export type BundleSize = { worker: string; kib: number; gzipKib: number; limitKib: number }

/**
 * What a bundle may weigh when compressed. The gateway starts near every client, so it is kept small; Cloudflare's own
 * limit is 10 MB.
 */
const LIMIT_KIB = { gateway: 60, other: 200 }

export const limitKibOf = (config: WorkerConfig): number => (isPublic(config) ? LIMIT_KIB.gateway : LIMIT_KIB.other)

/**
 * Bundles a worker as a deployment would, and reads what wrangler says that it would upload.
 *
 * @throws Error when it cannot be bundled
 */
export async function measure(config: WorkerConfig, run: Wrangler): Promise<BundleSize> {
  const answer = await run(['deploy', '--dry-run', '-c', config.path, '--outdir', join(BUILD, 'dry-run', config.name)])
  if (answer.code !== 0) throw new Error(`${config.name} could not be bundled:\n${complaintOf(answer)}`)
  const [, kib, gzipKib] = /Total Upload: ([\d.]+) KiB \/ gzip: ([\d.]+) KiB/.exec(answer.stdout) ?? []
  if (kib === undefined || gzipKib === undefined) throw new Error(`wrangler does not say how large ${config.name} is`)
  return { worker: config.name, kib: Number(kib), gzipKib: Number(gzipKib), limitKib: limitKibOf(config) }
}

export const isOver = ({ gzipKib, limitKib }: BundleSize): boolean => gzipKib > limitKib

export function sizeTable(sizes: BundleSize[]): string {
  const rows = sizes.map((size) => [
    size.worker,
    size.kib.toFixed(1),
    size.gzipKib.toFixed(1),
    String(size.limitKib),
    isOver(size) ? 'too large' : 'ok',
  ])
  const table = [['worker', 'KiB', 'gzip KiB', 'limit', ''], ...rows]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
  return table
    .map(([name = '', ...cells]) => {
      const figures = cells.slice(0, 3).map((cell, column) => cell.padStart(widths[column + 1] ?? 0))
      return [name.padEnd(widths[0] ?? 0), ...figures, cells[3] ?? ''].join('  ').trimEnd()
    })
    .join('\n')
}
