import { newSigningKeys } from '@shop/local-environment/signing-keys'
import type Stripe from 'stripe'
import { domainOf, queuesOf, type WorkerConfig } from '../deploy/configs.ts'
import { placementWarnings, refuseDirectHosts } from '../deploy/neon.ts'
import type { Wrangler } from '../deploy/wrangler.ts'
import { createQueue, type Existing, findAccount, NOTHING_EXISTS, putSecrets, readExisting } from './account.ts'
import { collect } from './inputs.ts'
import { inputsFor, type MissingSecret, missingSecrets, randomSecret, SAYS, serviceUrl } from './secrets.ts'
import { createWebhook } from './stripe-webhook.ts'

export type SetUpOptions = {
  /** In the order of deployment. */
  configs: WorkerConfig[]
  /** Only print what is missing. */
  dryRun: boolean
  env: NodeJS.ProcessEnv
  run: Wrangler
  /** Undefined without a terminal. */
  ask?: ((question: string) => Promise<string>) | undefined
  /** Migrates, and sets the passwords of the roles from the `<SERVICE>_DATABASE_URL`s. */
  migrate: (ownerUrl: string, serviceUrls: Record<string, string>) => Promise<void>
  connectStripe: (secretKey: string) => Stripe
}

/**
 * Creates in an account what the workers' configurations need before the first deployment. Reads first what exists, so it
 * can be run again, also after an interruption: each secret is stored as soon as it is known, and one that was not stored
 * is generated again.
 *
 * @throws Error before anything is changed, when an input is missing
 */
export async function setUp(options: SetUpOptions): Promise<void> {
  const { configs, dryRun, env, run } = options
  const existing = await readAccount(options)
  const queues = queuesOf(configs).filter((queue) => !existing.queues.has(queue))
  const missing = missingSecrets(configs, existing, env)
  report(configs, queues, missing)
  if (dryRun) return
  const inputs = await collect(inputsFor(missing), { SHOP_URL: domainOf(configs), ...env }, options.ask)
  refuseDirectHosts(inputs)
  for (const line of placementWarnings(configs, inputs.get('MIGRATION_DATABASE_URL'))) console.log(line)
  for (const queue of queues) {
    await createQueue(queue, run)
    console.log(`Created the queue ${queue}`)
  }
  await storeSecrets(missing, inputs, options)
}

async function readAccount({ configs, dryRun, env, run }: SetUpOptions): Promise<Existing> {
  const account = await findAccount(run, env)
  if (account !== undefined) {
    console.log(`Account: ${account}`)
    return readExisting({ queues: queuesOf(configs), workers: configs }, run)
  }
  if (!dryRun) throw new Error('Not signed in: run `npx wrangler login`, or set CLOUDFLARE_API_TOKEN')
  console.log('Not signed in. This is what an empty account needs.')
  return NOTHING_EXISTS
}

async function storeSecrets(
  missing: MissingSecret[],
  inputs: Map<string, string>,
  options: SetUpOptions,
): Promise<void> {
  const databases = await openDatabases(missing, inputs, options)
  for (const { name, path, worker, origin } of missing) {
    const value = databases[name] ?? (await newValue(name, origin, inputs, options))
    await putSecrets(path, { [name]: value }, options.run)
    console.log(`Stored ${name} in ${worker}`)
  }
}

/** Sets the passwords of the roles. @returns their URLs by secret */
async function openDatabases(
  missing: MissingSecret[],
  inputs: Map<string, string>,
  { migrate }: SetUpOptions,
): Promise<Record<string, string>> {
  const ownerUrl = inputs.get('MIGRATION_DATABASE_URL')
  if (ownerUrl === undefined) return {}
  const names = missing.filter(({ origin }) => origin === 'database').map(({ name }) => name)
  const urls = Object.fromEntries(names.map((name) => [name, serviceUrl(ownerUrl, name)]))
  await migrate(ownerUrl, urls)
  return urls
}

async function newValue(
  name: string,
  origin: MissingSecret['origin'],
  inputs: Map<string, string>,
  { connectStripe }: SetUpOptions,
): Promise<string> {
  if (origin === 'made') return newSigningKeys()
  if (origin === 'random') return randomSecret()
  if (origin === 'stripe') {
    return createWebhook(connectStripe(inputOf(inputs, 'STRIPE_SECRET_KEY')), inputOf(inputs, 'SHOP_URL'))
  }
  return inputOf(inputs, name)
}

function inputOf(inputs: Map<string, string>, name: string): string {
  const value = inputs.get(name)
  if (value === undefined) throw new Error(`${name} was not collected`)
  return value
}

/** Settings that work as they are, and that a shop wants otherwise once it sells. */
function recommendations(configs: WorkerConfig[]): string[] {
  return configs.flatMap(({ path, vars }) =>
    vars.CHECKOUT_REQUIRES === ''
      ? [`CHECKOUT_REQUIRES = "address,shipping" in ${path}, so that no order is taken that cannot be shipped`]
      : [],
  )
}

function report(configs: WorkerConfig[], queues: string[], missing: MissingSecret[]): void {
  const database = missing.some(({ origin }) => origin === 'database')
  const lines = [
    ...queues.map((queue) => `create the queue ${queue}`),
    ...(database ? ['migrate the database, and set a password for each service’s role'] : []),
    ...(missing.some(({ origin }) => origin === 'stripe') ? ['create the webhook endpoint at Stripe'] : []),
    ...missing.map(({ name, worker, origin }) => `store ${name} in ${worker} (${SAYS[origin]})`),
  ]
  console.log(lines.length === 0 ? 'Nothing is missing.' : `To do:\n${lines.map((line) => `  ${line}`).join('\n')}`)
  for (const line of recommendations(configs)) console.log(`Recommended: ${line}`)
  console.log(
    `Created by the first \`npm run deploy\`:\n${withDeployment(configs)
      .map((line) => `  ${line}`)
      .join('\n')}`,
  )
}

/** What the first deployment creates. */
function withDeployment(configs: WorkerConfig[]): string[] {
  return [
    `the workers, in this order: ${configs.map(({ name }) => name).join(', ')}`,
    ...configs.flatMap(({ name, durable_objects, migrations }) =>
      durable_objects.bindings
        .filter(({ script_name: other }) => other === undefined)
        .map(
          ({ class_name }) =>
            `the Durable Objects ${class_name} of ${name} (migrations ${migrations.map(({ tag }) => tag)})`,
        ),
    ),
    ...configs.flatMap(({ name, ratelimits }) =>
      ratelimits.map((limit) => `the rate limit ${limit.name} of ${name} (namespace ${limit.namespace_id})`),
    ),
  ]
}
