import { parseArgs } from 'node:util'
import { orHelp } from '../arguments.ts'
import { inDeployOrder, readConfigs, type WorkerConfig } from '../deploy/configs.ts'
import { wrangler } from '../deploy/wrangler.ts'
import { migrateDatabase } from '../migrate.ts'
import { terminalAsk } from './inputs.ts'
import { rotate } from './rotate.ts'
import { type SetUpOptions, setUp } from './set-up.ts'
import { connectStripe } from './stripe-webhook.ts'

const HELP = `npm run setup:cloudflare [-- --dry-run] [-- --configs <folder>] [-- --rotate <secret>]

  Creates in a Cloudflare account what the shop needs before its first deployment. Can be run again.

  --dry-run   only print what is missing; needs no account and no network
  --rotate    replace this secret in every worker that requires it
  --configs   use the .toml files of this folder instead of the repository's

  Read from the environment, or asked for (the input is not shown):
  CLOUDFLARE_API_TOKEN     or sign in with \`npx wrangler login\`
  CLOUDFLARE_ACCOUNT_ID    if you have several accounts
  MIGRATION_DATABASE_URL   the direct (not pooled) URL of the database owner
  STRIPE_SECRET_KEY
  SHOP_URL                 the URL of the shop, for Stripe's webhooks
  UPSTASH_REDIS_REST_TOKEN optional

  Any other secret that a worker requires is used if it is set under its own name; otherwise it is generated.`

/** Warns about example settings that every shop must change. */
function warnOfExamples(configs: WorkerConfig[]): void {
  for (const { name, path, vars } of configs) {
    if (!vars.TOKEN_ISSUER?.endsWith('.example.com')) continue
    console.log(
      `${name} still has the example token issuer ${vars.TOKEN_ISSUER}: set TOKEN_ISSUER in ${path} before you deploy.`,
    )
  }
}

const { values } = orHelp(HELP, () =>
  parseArgs({
    options: {
      'dry-run': { type: 'boolean', default: false },
      configs: { type: 'string' },
      rotate: { type: 'string' },
    },
  }),
)
try {
  const configs = inDeployOrder(readConfigs(values.configs))
  const options: SetUpOptions = {
    configs,
    dryRun: values['dry-run'],
    env: process.env,
    run: wrangler,
    ask: terminalAsk(),
    migrate: (ownerUrl, serviceUrls) => migrateDatabase(ownerUrl, serviceUrls),
    connectStripe: (secretKey) => connectStripe(secretKey, process.env.STRIPE_API_BASE),
  }
  if (values.rotate === undefined) {
    await setUp(options)
    warnOfExamples(configs)
  } else await rotate(values.rotate, options)
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
}
