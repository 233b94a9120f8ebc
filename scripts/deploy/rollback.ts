import { parseArgs } from 'node:util'
import { orHelp } from '../arguments.ts'
import { RELEASES, readRelease, rollBack } from './releases.ts'
import { wrangler } from './wrangler.ts'

const HELP = `npm run rollback [-- --from <file or folder>]

  Restores the versions that were live before the latest deployment from this machine.

  --from   the record of another deployment; a folder means its latest record`

const { values } = orHelp(HELP, () => parseArgs({ options: { from: { type: 'string', default: RELEASES } } }))
try {
  const release = await readRelease(values.from)
  console.log(`Restoring what was live before the deployment of ${release.startedAt}`)
  const failed = await rollBack(release, wrangler)
  if (failed.length > 0) {
    console.error(`\nNot rolled back: ${failed.join(', ')}. See wrangler's error above.`)
    process.exitCode = 1
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
