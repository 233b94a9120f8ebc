import { randomUUID } from 'node:crypto'
import { withMailKeys, withToken } from '@shop/local-environment/environment'
import { STORED_SERVICES } from '@shop/services'

type Variables = Record<string, string>

/** Which emulators are replaced by real services, and the workers' settings for them. */
export type RealParts = {
  database: boolean
  redis: boolean
  stripe: boolean
  /** Resend. */
  mail: boolean
  /** Overrides the variables that point at the emulators. */
  environment: Variables
  /** Hints for the developer. */
  notes: string[]
}

const DATABASE_URLS = STORED_SERVICES.map(({ database }) => database.urlVariable)
const RESEND = ['RESEND_API_KEY', 'RESEND_WEBHOOK_SECRET', 'MAIL_FROM']
const UPSTASH = ['UPSTASH_REDIS_REST_URL', 'UPSTASH_REDIS_REST_TOKEN']

/**
 * Reads `.dev.vars`. A key in it selects the real service, at the driver's own endpoint unless another is set.
 *
 * @throws Error that names the missing keys when a service has only some of them
 */
export function realParts(devVars: Variables): RealParts {
  const database = hasAll(devVars, DATABASE_URLS, 'Neon')
  const redis = hasAll(devVars, UPSTASH, 'Upstash')
  const stripe = 'STRIPE_SECRET_KEY' in devVars
  if (!stripe && 'STRIPE_WEBHOOK_SECRET' in devVars) {
    throw new Error('.dev.vars has STRIPE_WEBHOOK_SECRET but not STRIPE_SECRET_KEY: add the key, or remove the secret.')
  }
  const hasWebhooks = 'STRIPE_WEBHOOK_SECRET' in devVars
  const mail = hasAll(devVars, RESEND, 'Resend')
  return {
    database,
    redis,
    stripe,
    mail,
    environment: {
      ...(database ? { NEON_FETCH_ENDPOINT: '' } : {}),
      // A random secret: no webhook is accepted until the real one is set.
      ...(stripe
        ? { STRIPE_API_BASE: '', STRIPE_REQUESTS_PER_SECOND: '25', STRIPE_WEBHOOK_SECRET: `whsec_${randomUUID()}` }
        : {}),
      ...devVars,
      ...(redis ? { UPSTASH_REDIS_REST_URL: redisUrl(devVars) } : {}),
      ...(mail ? { MAIL_BASE_URL: mailUrl(devVars) } : {}),
    },
    notes: stripe && !hasWebhooks ? [WEBHOOKS_NOTE] : [],
  }
}

const WEBHOOKS_NOTE =
  'Stripe’s webhooks need STRIPE_WEBHOOK_SECRET in .dev.vars; `stripe listen --forward-to ' +
  'localhost:<PORT>/api/webhooks/stripe` prints it. Without it, payments are polled once a minute.'

function hasAll(devVars: Variables, names: string[], service: string): boolean {
  const missing = names.filter((name) => !(name in devVars))
  if (missing.length === names.length) return false
  if (missing.length === 0) return true
  throw new Error(
    `.dev.vars has only some keys of ${service}: add ${missing.join(', ')}, or remove the others to use the emulator.`,
  )
}

function redisUrl({ UPSTASH_REDIS_REST_URL: url = '', UPSTASH_REDIS_REST_TOKEN: token = '' }: Variables): string {
  if (!URL.canParse(url)) throw new Error('UPSTASH_REDIS_REST_URL in .dev.vars must be a URL: https://….upstash.io')
  return withToken({ url, token })
}

const mailUrl = ({
  MAIL_BASE_URL: url,
  RESEND_API_KEY: apiKey = '',
  RESEND_WEBHOOK_SECRET: webhookSecret = '',
}: Variables) => withMailKeys(url || 'https://api.resend.com', { apiKey, webhookSecret })
