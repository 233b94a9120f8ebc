import { buildWorkers } from '../../scripts/build-workers.ts'
import { copyDocsAssets } from '../../scripts/copy-docs-assets.ts'

/** Builds, once before the platform tests, what a deployment would upload. */
export async function setup(): Promise<void> {
  await copyDocsAssets()
  await buildWorkers()
}
