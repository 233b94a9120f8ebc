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

  Gives a Cloudflare account what the shop needs before its first deployment. It may be run again.

  --dry-run   only say what is missing; needs no account and no network
  --rotate    replace this secret with every worker that requires it
  --configs   the .toml files of this folder in place of the repository's own

  From the environment, or asked for without showing it:
  CLOUDFLARE_API_TOKEN     or be signed in by \`npx wrangler login\`
  CLOUDFLARE_ACCOUNT_ID    where there are several
  MIGRATION_DATABASE_URL   the direct (not pooled) URL of the owner of the database
  STRIPE_SECRET_KEY
  SHOP_URL                 where the shop will be reached, for Stripe's webhooks
  UPSTASH_REDIS_REST_TOKEN optional

  Any other secret that a worker requires, under its own name, is taken in place of one made here.`

/** Settings that are in the configurations as examples, and that a shop of one's own changes. */
function warnOfExamples(configs: WorkerConfig[]): void {
  for (const { name, path, vars } of configs) {
    if (!vars.TOKEN_ISSUER?.endsWith('.example.com')) continue
    console.log(
      `${name} still has ${vars.TOKEN_ISSUER} as the issuer of tokens: set TOKEN_ISSUER in ${path} before you deploy.`,
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
