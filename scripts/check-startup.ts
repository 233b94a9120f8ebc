import { copyDocsAssets } from './copy-docs-assets.ts'
import { assertFastStart, type BundleReport, bundleTable, measureBundle } from './deploy/bundles.ts'
import { readConfigs, type WorkerConfig } from './deploy/configs.ts'
import type { MeasureStart } from './deploy/startup.ts'
import { type Wrangler, wrangler } from './deploy/wrangler.ts'
import { writeShop } from './write-shop.ts'

/**
 * Bundles each worker, prints sizes and start-up times, and refuses a worker that starts too slowly.
 *
 * Workers are measured one after the other: two at a time would slow each other down.
 *
 * @throws Error when the settings of the shop are not valid, a worker cannot be bundled, or one starts too slowly
 */
export async function checkBundles(configs: WorkerConfig[], run: Wrangler, start?: MeasureStart): Promise<void> {
  writeShop()
  // Wrangler does not bundle the gateway without its folder of assets.
  await copyDocsAssets()
  const reports: BundleReport[] = []
  for (const config of configs) reports.push(await measureBundle(config, run, start))
  console.log(bundleTable(reports))
  assertFastStart(reports)
}

if (import.meta.main) {
  try {
    await checkBundles(readConfigs(), wrangler)
  } catch (error) {
    console.error(`\n${error instanceof Error ? error.message : error}`)
    process.exitCode = 1
  }
}
