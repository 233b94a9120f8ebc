import { parseArgs } from 'node:util'
import { orHelp } from './arguments.ts'
import { checkBundles } from './check-startup.ts'
import { inDeployOrder, readConfigs } from './deploy/configs.ts'
import { placementWarnings, refuseDirectHosts } from './deploy/neon.ts'
import { recordRelease } from './deploy/releases.ts'
import type { MeasureStart } from './deploy/startup.ts'
import { succeed, type Wrangler, wrangler } from './deploy/wrangler.ts'

const HELP = `npm run deploy [-- --dry-run] [-- --configs <folder>]

  Bundles all workers, stops if one takes too long to start, and deploys each worker after those it calls.

  --dry-run   only bundle and measure (size, start-up time); needs no account and no network
  --configs   use the .toml files of this folder instead of the repository's`

type DeployOptions = {
  /** Bundle and measure only: needs no account and no network. */
  dryRun: boolean
  /** A folder of .toml files to use instead of the repository's. */
  configs?: string | undefined
  run?: Wrangler
  start?: MeasureStart
  env?: NodeJS.ProcessEnv
}

/**
 * Records the live versions, then deploys each worker after those it calls.
 *
 * @throws Error before anything is deployed when a worker cannot be bundled or starts too slowly, or the environment has
 *   a service's connection string with a direct host; later, at the first worker
 *   that cannot be deployed; the workers before it are then live
 */
export async function deploy(options: DeployOptions): Promise<void> {
  const { dryRun, configs: folder, run = wrangler, start, env = process.env } = options
  const configs = inDeployOrder(readConfigs(folder))
  refuseDirectHosts(Object.entries(env))
  for (const line of placementWarnings(configs, env.MIGRATION_DATABASE_URL)) console.log(`warning: ${line}`)
  await checkBundles(configs, run, start)
  if (dryRun) return
  const record = await recordRelease(configs, { run, now: new Date() })
  console.log(`\nThe live versions are recorded in ${record}. \`npm run rollback\` restores them.`)
  for (const { name, path } of configs) {
    console.log(`\n── ${name}`)
    console.log((await succeed(run, ['deploy', '-c', path])).trim())
  }
}

if (import.meta.main) {
  const { values } = orHelp(HELP, () =>
    parseArgs({ options: { 'dry-run': { type: 'boolean', default: false }, configs: { type: 'string' } } }),
  )
  try {
    await deploy({ dryRun: values['dry-run'], configs: values.configs })
  } catch (error) {
    console.error(`\n${error instanceof Error ? error.message : error}`)
    process.exitCode = 1
  }
}
