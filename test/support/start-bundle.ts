import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BUILD } from '@shop/local-environment/bundles'
import { Miniflare } from 'miniflare'
import { parse } from 'smol-toml'
import { ROOT, type WorkerConfig } from '../../scripts/deploy/configs.ts'

export type StartedBundle = {
  get(path: string): Promise<{ status: number; body: Record<string, unknown> }>
  /** Lines of its log, parsed. */
  logs: Record<string, unknown>[]
  stop(): Promise<void>
}

/**
 * Starts one worker's bundle in workerd, with its compatibility flags and without any variable, secret or binding.
 *
 * `createTestHarness`, which runs the whole platform, fills in what the config declares; here a worker has to be without.
 */
export async function startBundle({ name, path }: WorkerConfig): Promise<StartedBundle> {
  const config = parse(await readFile(join(ROOT, path), 'utf8')) as Compatibility
  const logs: StartedBundle['logs'] = []
  const miniflare = new Miniflare({
    workers: [
      {
        config: {
          name,
          compatibilityDate: config.compatibility_date,
          compatibilityFlags: config.compatibility_flags,
          manifest: { mainModule: 'index.js', modules: await modulesOf(join(BUILD, name.replace(/^shop-/, ''))) },
        },
      },
    ],
    handleStructuredLogs: ({ message }) => logs.push(JSON.parse(message)),
  })
  await miniflare.ready
  return {
    get: async (path) => {
      const response = await miniflare.dispatchFetch(new URL(path, 'https://worker.internal').href)
      return { status: response.status, body: (await response.json()) as Record<string, unknown> }
    },
    logs,
    stop: () => miniflare.dispose(),
  }
}

type Compatibility = { compatibility_date: string; compatibility_flags: string[] }

async function modulesOf(folder: string) {
  const files = (await readdir(folder)).filter((file) => /\.(?:js|wasm)$/.test(file))
  const read = async (file: string) => ({
    type: file.endsWith('.js') ? ('esm' as const) : ('wasm' as const),
    contents: new Uint8Array(await readFile(join(folder, file))),
  })
  return Object.fromEntries(await Promise.all(files.map(async (file) => [file, await read(file)] as const)))
}
