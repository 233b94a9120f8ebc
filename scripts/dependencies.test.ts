import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

type Manifest = { dependencies?: Record<string, string>; devDependencies?: Record<string, string> }

const readManifest = (path: string) =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8')) as Manifest

// `npm run dev` and the platform tests run wrangler's own; a second version beside it would be another runtime.
it.each(['miniflare', 'workerd'])('tests and benchmarks use the %s of wrangler', (name) => {
  const own = readManifest('package.json').devDependencies?.[name]
  expect(own).toBe(readManifest('node_modules/wrangler/package.json').dependencies?.[name])
})
