import { randomUUID } from 'node:crypto'
import { SERVICES, withToken } from '@shop/local-environment/environment'

type Variables = Record<string, string>

/** Which emulators the real service replaces, and what the workers get for it. */
export type RealParts = {
  database: boolean
  redis: boolean
  stripe: boolean
  /** Overrides the variables that point at the emulators. */
  environment: Variables
  /** What a person should know about it. */
  notes: string[]
}

const DATABASE_URLS = SERVICES.map((service) => `${service.toUpperCase()}_DATABASE_URL`)
const UPSTASH = ['UPSTASH_REDIS_REST_URL', 'UPSTASH_REDIS_REST_TOKEN']

/**
 * Reads `.dev.vars`: a key in it means the real service, whose endpoint is then the driver's own unless that is set too.
 *
 * @throws Error that names what is missing when a service has only a part of its keys
 */
export function realParts(devVars: Variables): RealParts {
  const database = hasAll(devVars, DATABASE_URLS, 'Neon')
  const redis = hasAll(devVars, UPSTASH, 'Upstash')
  const stripe = 'STRIPE_SECRET_KEY' in devVars
  if (!stripe && 'STRIPE_WEBHOOK_SECRET' in devVars) {
    throw new Error('.dev.vars has STRIPE_WEBHOOK_SECRET but not STRIPE_SECRET_KEY: add it, or take the other away.')
  }
  const hasWebhooks = 'STRIPE_WEBHOOK_SECRET' in devVars
  return {
    database,
    redis,
    stripe,
    environment: {
      ...(database ? { NEON_FETCH_ENDPOINT: '' } : {}),
      // A secret that nobody knows: no webhook is believed until there is a real one.
      ...(stripe
        ? { STRIPE_API_BASE: '', STRIPE_REQUESTS_PER_SECOND: '25', STRIPE_WEBHOOK_SECRET: `whsec_${randomUUID()}` }
        : {}),
      ...devVars,
      ...(redis ? { UPSTASH_REDIS_REST_URL: redisUrl(devVars) } : {}),
    },
    notes: stripe && !hasWebhooks ? [WEBHOOKS_NOTE] : [],
  }
}

const WEBHOOKS_NOTE =
  'Stripe’s webhooks do not come here without STRIPE_WEBHOOK_SECRET in .dev.vars; `stripe listen --forward-to ' +
  'localhost:<PORT>/api/webhooks/stripe` prints it. Until then payments are looked up once a minute.'

function hasAll(devVars: Variables, names: string[], service: string): boolean {
  const missing = names.filter((name) => !(name in devVars))
  if (missing.length === names.length) return false
  if (missing.length === 0) return true
  throw new Error(
    `.dev.vars has a part of what ${service} needs: add ${missing.join(', ')}, or take the others away for the local one.`,
  )
}

function redisUrl({ UPSTASH_REDIS_REST_URL: url = '', UPSTASH_REDIS_REST_TOKEN: token = '' }: Variables): string {
  if (!URL.canParse(url)) throw new Error('UPSTASH_REDIS_REST_URL in .dev.vars must be a URL: https://….upstash.io')
  return withToken({ url, token })
}
