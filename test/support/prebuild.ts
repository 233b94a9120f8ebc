import { buildWorkers } from '../../scripts/build-workers.ts'
import { copyDocsAssets } from '../../scripts/copy-docs-assets.ts'

/** Once before the platform tests: what a deployment would upload. */
export async function setup(): Promise<void> {
  await copyDocsAssets()
  await buildWorkers()
}
