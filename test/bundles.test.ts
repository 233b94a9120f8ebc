import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BUILD } from '@shop/local-environment/bundles'
import { WORKERS } from '@shop/services'
import { describe, expect, it } from 'vitest'
import { isPublic, readConfigs } from '../scripts/deploy/configs.ts'
import { startBundle } from './support/start-bundle.ts'

/** The modules that workerd provides to every worker here. Any other Node module is missing at run time. */
const PROVIDED = ['cloudflare:workers', 'node:async_hooks']

/** The modules that a minified bundle imports. */
const IMPORT = /(?:^|[;}])import(?:[^"'();]*\bfrom)?"([^"]+)"/gm

// `npm run check:startup` measures start-up time: a test would measure the machine it runs on.
describe.each(WORKERS)('the bundle of %s', (worker) => {
  const folder = join(BUILD, worker)
  const code = () => readFile(join(folder, 'index.js'), 'utf8')

  it('imports only modules that workerd provides or that are uploaded with it', async () => {
    const uploaded = (await readdir(folder)).filter((file) => /\.(?:wasm|ttf)$/.test(file)).map((file) => `./${file}`)
    const imported = [...(await code()).matchAll(IMPORT)].map(([, module]) => module)
    expect(imported).toContain('node:async_hooks')
    expect([...PROVIDED, ...uploaded]).toEqual(expect.arrayContaining(imported))
  })

  // esbuild puts this error into a bundle that requires a missing module.
  it('has no dynamic require', async () => {
    expect(await code()).not.toContain('Dynamic require of')
  })
})

const SERVICES = readConfigs().filter((config) => !isPublic(config))

describe.each(SERVICES)('$name without its environment', (config) => {
  it('answers 503 and logs the name of every missing setting', async () => {
    const bundle = await startBundle(config)
    try {
      expect(await bundle.get('/api/anything')).toMatchObject({ status: 503, body: { code: 'service_unavailable' } })
      const fields = bundle.logs.find(({ event }) => event === 'bad_environment')?.fields
      expect(fields).toEqual(expect.arrayContaining(config.secrets.required))
    } finally {
      await bundle.stop()
    }
  })
})
