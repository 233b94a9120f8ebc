import { randomBytes } from 'node:crypto'
import { STORED_SERVICES } from '@shop/services'
import type { WorkerConfig } from '../deploy/configs.ts'
import type { Existing } from './account.ts'

/** Where the value of a secret comes from. */
export type Origin =
  /** The environment has it, or a person is asked. */
  | 'given'
  /** Made here; nobody needs to see it. */
  | 'made'
  /** The same, of nothing but random bits. */
  | 'random'
  /** The service's own role in the database, with a password made here. */
  | 'database'
  /** Stripe tells it when the webhook endpoint is made. */
  | 'stripe'

export type MissingSecret = { worker: string; path: string; name: string; origin: Origin }

/** What an origin needs to know; `given` needs the secret itself. */
const NEEDS: Record<Exclude<Origin, 'given'>, string[]> = {
  made: [],
  random: [],
  database: ['MIGRATION_DATABASE_URL'],
  stripe: ['STRIPE_SECRET_KEY', 'SHOP_URL'],
}

export const SAYS: Record<Origin, string> = {
  given: 'from the environment, or asked for',
  made: 'made here',
  random: 'made here',
  database: 'its role, with a password made here',
  stripe: 'from the webhook endpoint made at Stripe',
}

export function originOf(name: string, env: NodeJS.ProcessEnv): Origin {
  if (env[name]) return 'given'
  if (name === 'TOKEN_SIGNING_KEYS') return 'made'
  if (name === 'ORDER_TOKEN_SECRET') return 'random'
  if (name === 'STRIPE_WEBHOOK_SECRET') return 'stripe'
  return roleOf(name) === undefined ? 'given' : 'database'
}

/** What the workers require and the account has not got, in the order of the configurations. */
export function missingSecrets(configs: WorkerConfig[], existing: Existing, env: NodeJS.ProcessEnv): MissingSecret[] {
  return configs.flatMap(({ name: worker, path, secrets, vars }) => {
    const names = [...secrets.required, ...optionalSecrets(vars, env)]
    const stored = existing.secrets.get(worker)
    return names
      .filter((name) => stored?.has(name) !== true)
      .map((name) => ({ worker, path, name, origin: originOf(name, env) }))
  })
}

/** Redis is optional: a worker that can use one gets the token, if there is one. */
function optionalSecrets(vars: Record<string, string>, env: NodeJS.ProcessEnv): string[] {
  return 'UPSTASH_REDIS_REST_URL' in vars && env.UPSTASH_REDIS_REST_TOKEN ? ['UPSTASH_REDIS_REST_TOKEN'] : []
}

export const inputsFor = (missing: MissingSecret[]): string[] =>
  missing.flatMap(({ name, origin }) => (origin === 'given' ? [name] : NEEDS[origin]))

/** 256 bits. */
export const randomSecret = (): string => randomBytes(32).toString('base64url')

/**
 * A service's own way into the database that `ownerUrl` leads to. Neon asks for 60 bits of entropy in a password; this
 * has 192.
 */
export function serviceUrl(ownerUrl: string, secretName: string): string {
  const role = roleOf(secretName)
  if (role === undefined) throw new Error(`${secretName} leads to no database of a service`)
  const url = new URL(ownerUrl)
  url.username = role
  url.password = randomBytes(24).toString('base64url')
  return url.href
}

/** The role that a secret is the connection string of. */
function roleOf(secretName: string): string | undefined {
  return STORED_SERVICES.find(({ database }) => database.urlVariable === secretName)?.database.role
}
