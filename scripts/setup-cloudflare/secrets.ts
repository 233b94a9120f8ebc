import { randomBytes } from 'node:crypto'
import { STORED_SERVICES } from '@shop/services'
import type { WorkerConfig } from '../deploy/configs.ts'
import { pooledHost } from '../deploy/neon.ts'
import type { Existing } from './account.ts'

/** Where the value of a secret comes from. */
export type Origin =
  /** From the environment, or asked for. */
  | 'given'
  /** Generated; nobody needs to see it. */
  | 'made'
  /** Generated from random bits only. */
  | 'random'
  /** The URL of the service's own database role, with a generated password. */
  | 'database'
  /** From Stripe, when the webhook endpoint is created. */
  | 'stripe'

export type MissingSecret = { worker: string; path: string; name: string; origin: Origin }

/** The inputs of each origin; `given` needs the secret itself. */
const NEEDS: Record<Exclude<Origin, 'given'>, string[]> = {
  made: [],
  random: [],
  database: ['MIGRATION_DATABASE_URL'],
  stripe: ['STRIPE_SECRET_KEY', 'SHOP_URL'],
}

export const SAYS: Record<Origin, string> = {
  given: 'from the environment, or asked for',
  made: 'generated',
  random: 'generated',
  database: 'its role, with a generated password',
  stripe: 'from the new webhook endpoint at Stripe',
}

const RANDOM_SECRETS = new Set([
  'ORDER_TOKEN_SECRET',
  'MAIL_ADDRESS_SECRET',
  'ACCOUNT_TOKEN_SECRET',
  'FACTOR_SECRET',
  'WEBHOOK_SEALING_SECRET',
])

export function originOf(name: string, env: NodeJS.ProcessEnv): Origin {
  if (env[name]) return 'given'
  if (name === 'TOKEN_SIGNING_KEYS') return 'made'
  if (RANDOM_SECRETS.has(name)) return 'random'
  if (name === 'STRIPE_WEBHOOK_SECRET') return 'stripe'
  return roleOf(name) === undefined ? 'given' : 'database'
}

/** The secrets that the workers require and the account does not have, in the order of the configurations. */
export function missingSecrets(configs: WorkerConfig[], existing: Existing, env: NodeJS.ProcessEnv): MissingSecret[] {
  return configs.flatMap(({ name: worker, path, secrets, vars }) => {
    const names = [...secrets.required, ...optionalSecrets(vars, env)]
    const stored = existing.secrets.get(worker)
    return names
      .filter((name) => stored?.has(name) !== true)
      .map((name) => ({ worker, path, name, origin: originOf(name, env) }))
  })
}

/** Redis is optional: a worker that can use it gets the token, if one is set. So is Resend, which needs both of its secrets. */
function optionalSecrets(vars: Record<string, string>, env: NodeJS.ProcessEnv): string[] {
  const redis = 'UPSTASH_REDIS_REST_URL' in vars && env.UPSTASH_REDIS_REST_TOKEN ? ['UPSTASH_REDIS_REST_TOKEN'] : []
  return [...redis, ...(vars.MAIL_DRIVER === 'resend' ? ['RESEND_API_KEY', 'RESEND_WEBHOOK_SECRET'] : [])]
}

export const inputsFor = (missing: MissingSecret[]): string[] =>
  missing.flatMap(({ name, origin }) => (origin === 'given' ? [name] : NEEDS[origin]))

/** 256 bits. */
export const randomSecret = (): string => randomBytes(32).toString('base64url')

/**
 * The URL of a service's own role in the database of `ownerUrl`, through Neon's pooler. Neon requires 60 bits of entropy in a password; this has
 * 192.
 */
export function serviceUrl(ownerUrl: string, secretName: string): string {
  const role = roleOf(secretName)
  if (role === undefined) throw new Error(`${secretName} leads to no database of a service`)
  const url = new URL(ownerUrl)
  url.hostname = pooledHost(url.hostname)
  url.username = role
  url.password = randomBytes(24).toString('base64url')
  return url.href
}

/** The role that a secret is the connection string of. */
function roleOf(secretName: string): string | undefined {
  return STORED_SERVICES.find(({ database }) => database.urlVariable === secretName)?.database.role
}
