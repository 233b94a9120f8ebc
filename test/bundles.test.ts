import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { BUILD } from '@shop/local-environment/bundles'
import { expect, it } from 'vitest'
import { readConfigs } from '../scripts/deploy/configs.ts'
import { limitKibOf } from '../scripts/deploy/sizes.ts'

// So that a change which could not be deployed is refused where it is made.
it.each(readConfigs())('the bundle of $name is light enough to be deployed', async (config) => {
  const bundle = await readFile(join(BUILD, config.name.replace(/^shop-/, ''), 'index.js'))
  expect(gzipSync(bundle).length / 1024).toBeLessThanOrEqual(limitKibOf(config))
})
