import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { BUILD } from '@shop/local-environment/bundles'
import { configOf, WORKERS, type Worker } from '@shop/services'
import pMap from 'p-map'
import { copyDocsAssets } from './copy-docs-assets.ts'
import { sizeWarning, uploadSize } from './deploy/bundles.ts'
import { succeed, wrangler } from './deploy/wrangler.ts'
import { writeShop } from './write-shop.ts'

/** Bundles every worker as a deployment would, into `.local/build/<worker>`, and warns of large bundles. */
export async function buildWorkers(): Promise<void> {
  writeShop()
  // Wrangler does not bundle the gateway without its folder of assets.
  await copyDocsAssets()
  await pMap(WORKERS, buildWorker, { concurrency: availableParallelism() })
}

async function buildWorker(worker: Worker): Promise<void> {
  const args = ['deploy', '--dry-run', '-c', configOf(worker), '--outdir', join(BUILD, worker)]
  const warning = sizeWarning(uploadSize(await succeed(wrangler, args)))
  if (warning !== undefined) console.warn(`The bundle of ${worker}, compressed: ${warning}`)
}

if (import.meta.main) await buildWorkers()
