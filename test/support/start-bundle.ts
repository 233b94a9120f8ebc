import { join } from 'node:path'
import { BUILD } from '@shop/local-environment/bundles'
import type { WorkerConfig } from '../../scripts/deploy/configs.ts'
import { openBundle } from '../../scripts/deploy/open-bundle.ts'

export type StartedBundle = {
  get(path: string): Promise<{ status: number; body: Record<string, unknown> }>
  /** Lines of its log, parsed. */
  logs: Record<string, unknown>[]
  stop(): Promise<void>
}

/**
 * Starts one worker's bundle alone, without its settings. `createTestHarness`, which runs the whole platform, always
 * adds the settings that the config declares.
 */
export async function startBundle(config: WorkerConfig): Promise<StartedBundle> {
  const logs: StartedBundle['logs'] = []
  const folder = join(BUILD, config.name.replace(/^shop-/, ''))
  const miniflare = await openBundle(config, folder, { onLog: (line) => logs.push(JSON.parse(line)) })
  return {
    get: async (path) => {
      const response = await miniflare.dispatchFetch(`https://worker.internal${path}`)
      return { status: response.status, body: (await response.json()) as Record<string, unknown> }
    },
    logs,
    stop: () => miniflare.dispose(),
  }
}
