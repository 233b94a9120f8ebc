import { buildWorkers } from '../../scripts/build-workers.ts'

/** Builds, once before the platform tests, what a deployment would upload. */
export async function setup(): Promise<void> {
  await buildWorkers()
}
