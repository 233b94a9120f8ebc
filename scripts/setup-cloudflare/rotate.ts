import { newSigningKeys } from '@shop/local-environment/signing-keys'
import { z } from 'zod'
import { refuseDirectHosts } from '../deploy/neon.ts'
import { putSecrets } from './account.ts'
import { collect } from './inputs.ts'
import { type Origin, originOf, randomSecret, serviceUrl } from './secrets.ts'
import type { SetUpOptions } from './set-up.ts'

type RotateOptions = Omit<SetUpOptions, 'dryRun' | 'connectStripe'>

const jwksSchema = z.object({ keys: z.array(z.looseObject({ kid: z.string(), x: z.string() })) })

const BY_HAND: Record<Extract<Origin, 'given' | 'stripe'>, string> = {
  given: 'Set the new value in the environment under its name, and run this again.',
  stripe:
    'Roll the secret of the endpoint at dashboard.stripe.com/webhooks with a delay; until the old one expires, Stripe ' +
    'signs with both. Set the new one in the environment as STRIPE_WEBHOOK_SECRET, and run this again.',
}

/** Replacing it at once would lock everybody out who uses an authenticator app. */
const FACTOR_SECRET_BY_HAND =
  'FACTOR_SECRET decrypts what is stored: rotate it by FACTOR_SECRET_NEXT, as docs/deploy.md says.'

/**
 * Replaces a secret in every worker that requires it.
 *
 * @throws Error that says what to do, when this script cannot create the new value
 */
export async function rotate(name: string, options: RotateOptions): Promise<void> {
  const workers = options.configs.filter(({ secrets }) => secrets.required.includes(name))
  if (workers.length === 0) throw new Error(`No worker requires ${name}`)
  const value = await newValueOf(name, options)
  refuseDirectHosts([[name, value]])
  for (const { name: worker, path } of workers) {
    await putSecrets(path, { [name]: value }, options.run)
    console.log(`Stored a new ${name} in ${worker}`)
  }
}

async function newValueOf(name: string, options: RotateOptions): Promise<string> {
  const { env, ask, migrate } = options
  const origin = originOf(name, env)
  if (origin === 'made') return nextSigningKeys(await inputOf('SHOP_URL', options))
  if (origin === 'random' && name === 'FACTOR_SECRET') throw new Error(FACTOR_SECRET_BY_HAND)
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
 * A new key that signs from now on, and the public part of the current one, which stays published until the next
 * rotation: tokens it has signed (15 minutes) stay valid.
 */
async function nextSigningKeys(shopUrl: string): Promise<string> {
  const response = await fetch(new URL('/.well-known/jwks.json', shopUrl), { signal: AbortSignal.timeout(10_000) })
  if (!response.ok) throw new Error(`${shopUrl} answered ${response.status} to the request for its signing keys`)
  const { keys } = jwksSchema.parse(await response.json())
  return JSON.stringify([...z.array(z.unknown()).parse(JSON.parse(await newSigningKeys())), ...keys.slice(0, 1)])
}
