import { parseArgs } from 'node:util'
import { RELEASES, readRelease, rollBack } from './releases.ts'
import { wrangler } from './wrangler.ts'

const { values } = parseArgs({ options: { from: { type: 'string', default: RELEASES } } })
try {
  const release = await readRelease(values.from)
  console.log(`Back to what was live before the deployment of ${release.startedAt}`)
  const failed = await rollBack(release, wrangler)
  if (failed.length > 0) {
    console.error(`\nNot rolled back: ${failed.join(', ')}. wrangler says why above.`)
    process.exitCode = 1
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
