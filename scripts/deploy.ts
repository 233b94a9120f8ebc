import { parseArgs } from 'node:util'
import { orHelp } from './arguments.ts'
import { checkBundles } from './check-startup.ts'
import { inDeployOrder, readConfigs } from './deploy/configs.ts'
import { recordRelease } from './deploy/releases.ts'
import { succeed, type Wrangler, wrangler } from './deploy/wrangler.ts'

const HELP = `npm run deploy [-- --dry-run] [-- --configs <folder>]

  Bundles all workers, stops if one takes too long to start, and deploys each after those it calls.

  --dry-run   only bundle and measure (size, start-up time); needs no account and no network
  --configs   the .toml files of this folder in place of the repository's own`

type DeployOptions = {
  /** Bundle and measure only: needs no account and no network. */
  dryRun: boolean
  /** A folder of .toml files in place of the repository's own. */
  configs?: string | undefined
  run?: Wrangler
}

/**
 * Deploys each worker after those it calls, having written down what was live before.
 *
 * @throws Error before anything is deployed when a worker cannot be bundled or starts too slowly; later, at the first worker
 *   that could not be deployed, when those before it are live already
 */
export async function deploy({ dryRun, configs: folder, run = wrangler }: DeployOptions): Promise<void> {
  const configs = inDeployOrder(readConfigs(folder))
  await checkBundles(configs, run)
  if (dryRun) return
  const record = await recordRelease(configs, { run, now: new Date() })
  console.log(`\nWhat was live is written down in ${record}; \`npm run rollback\` goes back to it.`)
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
