import { parseArgs } from 'node:util'
import { orHelp } from './arguments.ts'
import { copyDocsAssets } from './copy-docs-assets.ts'
import { inDeployOrder, readConfigs } from './deploy/configs.ts'
import { recordRelease } from './deploy/releases.ts'
import { type BundleSize, isOver, measure, sizeTable } from './deploy/sizes.ts'
import { succeed, type Wrangler, wrangler } from './deploy/wrangler.ts'
import { writeSlimStripe } from './slim-stripe.ts'

const HELP = `npm run deploy [-- --dry-run] [-- --configs <folder>]

  Bundles all workers, stops if one is too large, and deploys each after those it calls.

  --dry-run   only bundle and measure; needs no account and no network
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
 * @throws Error before anything is deployed when a bundle is too large or cannot be made; later, at the first worker
 *   that could not be deployed, when those before it are live already
 */
export async function deploy({ dryRun, configs: folder, run = wrangler }: DeployOptions): Promise<void> {
  const configs = inDeployOrder(readConfigs(folder))
  await Promise.all([copyDocsAssets(), writeSlimStripe()])
  const sizes: BundleSize[] = []
  for (const config of configs) sizes.push(await measure(config, run))
  console.log(sizeTable(sizes))
  const over = sizes.filter(isOver).map(({ worker }) => worker)
  if (over.length > 0) throw new Error(`Too large: ${over.join(', ')}`)
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
