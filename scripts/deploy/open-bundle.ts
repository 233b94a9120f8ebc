import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { Miniflare } from 'miniflare'
import type { WorkerConfig } from './configs.ts'

export type BundleOptions = {
  /** A module that is loaded instead of `index.js` and may import that. */
  entry?: string
  /** Receives each line of the worker's log. */
  onLog?(line: string): void
}

/**
 * Opens one worker's bundle in workerd, with its compatibility flags and without any variable, secret or binding.
 *
 * @param folder what `wrangler deploy --outdir` has written
 */
export async function openBundle(
  { name, compatibility_date, compatibility_flags }: WorkerConfig,
  folder: string,
  { entry, onLog = () => {} }: BundleOptions = {},
): Promise<Miniflare> {
  // Loaded only now: it takes longer than the rest of the scripts that may come here.
  const { Miniflare } = await import('miniflare')
  const bundled = await modulesIn(folder)
  const modules = entry === undefined ? bundled : { ...bundled, 'entry.js': { type: 'esm' as const, contents: entry } }
  const miniflare = new Miniflare({
    workers: [
      {
        config: {
          name,
          compatibilityDate: compatibility_date,
          compatibilityFlags: compatibility_flags,
          manifest: { mainModule: entry === undefined ? 'index.js' : 'entry.js', modules },
        },
      },
    ],
    handleStructuredLogs: ({ message }) => onLog(message),
  })
  await miniflare.ready
  return miniflare
}

const MODULE_TYPES: Record<string, 'esm' | 'wasm'> = { '.js': 'esm', '.wasm': 'wasm' }

async function modulesIn(folder: string) {
  const files = (await readdir(folder)).filter((file) => /\.(?:js|wasm|ttf)$/.test(file))
  const read = async (file: string) => ({
    type: MODULE_TYPES[extname(file)] ?? ('data' as const),
    contents: new Uint8Array(await readFile(join(folder, file))),
  })
  return Object.fromEntries(await Promise.all(files.map(async (file) => [file, await read(file)] as const)))
}
