import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BUILD } from '@shop/local-environment/bundles'
import { WORKERS } from '@shop/services'
import { describe, expect, it } from 'vitest'

/** What workerd provides to every worker here. Anything else that Node has is not there when the bundle is loaded. */
const PROVIDED = ['cloudflare:workers', 'node:async_hooks']

/** The modules that a minified bundle imports. */
const IMPORT = /(?:^|[;}])import(?:[^"'();]*\bfrom)?"([^"]+)"/gm

// Start-up time is measured by `npm run check:startup`: a test would measure the machine that it runs on.
describe.each(WORKERS)('the bundle of %s', (worker) => {
  const folder = join(BUILD, worker)
  const code = () => readFile(join(folder, 'index.js'), 'utf8')

  it('imports only what workerd provides and what is uploaded with it', async () => {
    const uploaded = (await readdir(folder)).filter((file) => file.endsWith('.wasm')).map((file) => `./${file}`)
    const imported = [...(await code()).matchAll(IMPORT)].map(([, module]) => module)
    expect(imported).toContain('node:async_hooks')
    expect([...PROVIDED, ...uploaded]).toEqual(expect.arrayContaining(imported))
  })

  // esbuild puts this error into a bundle that requires a module it has not got.
  it('requires nothing at run time', async () => {
    expect(await code()).not.toContain('Dynamic require of')
  })
})
