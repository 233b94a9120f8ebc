import { newSigningKeys } from '@shop/local-environment/signing-keys'
import { z } from 'zod'
import { refuseDirectHosts } from '../deploy/neon.ts'
import { putSecrets } from './account.ts'
import { collect } from './inputs.ts'
import { type Origin, originOf, randomSecret, serviceUrl } from './secrets.ts'
import type { SetUpOptions } from './set-up.ts'

type RotateOptions = Omit<SetUpOptions, 'dryRun' | 'connectStripe'> & { now?: Date }

/**
 * A new signing key is published this long before it signs: the gateway keeps the keys for 5 minutes, and the worker with the
 * new secret may take some seconds to be everywhere.
 */
const PUBLISHED_FIRST_MS = 6 * 60_000

/** Where the key that signs is not. A stored secret cannot be read back, so the two take turns. */
const SIGNING_KEYS = 'TOKEN_SIGNING_KEYS'
const NEXT_SIGNING_KEYS = 'TOKEN_SIGNING_KEYS_NEXT'
/** Begins the ids of keys that are stored as the second. */
const NEXT_PREFIX = 'next-'

const jwksSchema = z.object({ keys: z.array(z.looseObject({ kid: z.string(), x: z.string() })) })

const BY_HAND: Record<Extract<Origin, 'given' | 'stripe'>, string> = {
  given: 'Set the new value in the environment under its name, and run this again.',
  stripe:
    'Roll the secret of the endpoint at dashboard.stripe.com/webhooks with a delay; until the old one expires, Stripe ' +
    'signs with both. Set the new one in the environment as STRIPE_WEBHOOK_SECRET, and run this again.',
}

/** Replacing one at once would lock everybody out who uses an authenticator app, or stop all webhooks. */
const DECRYPTING = ['FACTOR_SECRET', 'WEBHOOK_SEALING_SECRET']

/**
 * Replaces a secret in every worker that requires it.
 *
 * @throws Error that says what to do, when this script cannot create the new value
 */
export async function rotate(name: string, options: RotateOptions): Promise<void> {
  const workers = options.configs.filter(({ secrets }) => secrets.required.includes(name))
  if (workers.length === 0) throw new Error(`No worker requires ${name}`)
  const secrets = await newSecretsOf(name, options)
  refuseDirectHosts(Object.entries(secrets))
  for (const { name: worker, path } of workers) {
    await putSecrets(path, secrets, options.run)
    console.log(`Stored a new ${Object.keys(secrets).join(', ')} in ${worker}`)
  }
}

/** By name, since a signing key does not replace the current one. */
async function newSecretsOf(name: string, options: RotateOptions): Promise<Record<string, string>> {
  const origin = originOf(name, options.env)
  if (origin === 'made') return nextSigningKeys(await inputOf('SHOP_URL', options), options.now ?? new Date())
  return { [name]: await newValueOf(name, origin, options) }
}

async function newValueOf(name: string, origin: Exclude<Origin, 'made'>, options: RotateOptions): Promise<string> {
  const { env, ask, migrate } = options
  if (DECRYPTING.includes(name)) {
    throw new Error(`${name} decrypts what is stored: rotate it by ${name}_NEXT, as docs/deploy.md says.`)
  }
  if (origin === 'random') return randomSecret()
  if (origin === 'database') {
    const ownerUrl = await inputOf('MIGRATION_DATABASE_URL', options)
    const url = serviceUrl(ownerUrl, name)
    await migrate(ownerUrl, { [name]: url })
    return url
  }
  if (env[name]) return env[name]
  if (origin === 'stripe' || ask === undefined) throw new Error(BY_HAND[origin])
  return inputOf(name, options)
}

async function inputOf(name: string, { env, ask }: RotateOptions): Promise<string> {
  const value = (await collect([name], env, ask)).get(name)
  if (value === undefined) throw new Error(`${name} was not collected`)
  return value
}

/**
 * A new key, in the place of the key that signed before the current one. It is published at once and signs six minutes later;
 * until then the current one signs, and stays published afterwards, so that what it has signed stays valid.
 */
async function nextSigningKeys(shopUrl: string, now: Date): Promise<Record<string, string>> {
  const response = await fetch(new URL('/.well-known/jwks.json', shopUrl), { signal: AbortSignal.timeout(10_000) })
  if (!response.ok) throw new Error(`${shopUrl} answered ${response.status} to the request for its signing keys`)
  const { keys } = jwksSchema.parse(await response.json())
  // The one that signs is the first.
  const place = keys[0]?.kid.startsWith(NEXT_PREFIX) ? SIGNING_KEYS : NEXT_SIGNING_KEYS
  const prefix = place === NEXT_SIGNING_KEYS ? NEXT_PREFIX : ''
  const [made] = z.array(z.looseObject({ kid: z.string() })).parse(JSON.parse(await newSigningKeys()))
  const activatesAt = new Date(now.getTime() + PUBLISHED_FIRST_MS).toISOString()
  return { [place]: JSON.stringify([{ ...made, kid: `${prefix}${made?.kid}`, activates_at: activatesAt }]) }
}
