import { STORED_SERVICES } from '@shop/services'

/** Keys of the Stripe emulator. They are valid nowhere else. */
export const LOCAL_STRIPE = {
  secretKey: 'sk_test_local_development_only',
  /** Restricted to Stripe Tax. */
  taxKey: 'rk_test_local_development_only',
  publishableKey: 'pk_test_local_development_only',
  webhookSecret: 'whsec_local_development_only',
}

/** Token of the Upstash emulator. It is valid nowhere else. */
export const LOCAL_UPSTASH_TOKEN = 'local_development_only'

/** Keys of the mail emulator. They are valid nowhere else. */
export const LOCAL_MAIL = {
  apiKey: 're_local_development_only',
  webhookSecret: `whsec_${btoa('local development only')}`,
}

/** Hashes addresses in the local shop. */
const LOCAL_MAIL_ADDRESS_SECRET = 'local development only, not a secret'

/** Signs the order tokens of guests in the local shop. */
export const LOCAL_ORDER_TOKEN_SECRET = 'local development only, not a secret'

/** What links of mails are derived from in the local shop. */
const LOCAL_ACCOUNT_TOKEN_SECRET = 'local development only, not a secret either'

/** Encrypts the secrets of authenticator apps in the local shop. */
const LOCAL_FACTOR_SECRET = 'local development only, not a secret either'

/** Encrypts the secrets of webhook endpoints in the local shop. */
const LOCAL_WEBHOOK_SECRET = 'local development only, not a secret either'

/** Pages of a local storefront or admin, where the usual tools serve them, that may use passkeys. */
const LOCAL_ORIGINS = [8080, 3000, 4173, 5173].map((port) => `http://localhost:${port}`).join()

/** Caps on what one buyer may hold that no test of something else, and no load, reaches. */
export const UNCAPPED_BUYERS: Record<string, string> = {
  GUEST_MAX_OPEN_ORDERS: '100000000',
  GUEST_MAX_HELD_UNITS: '100000000',
  CUSTOMER_MAX_OPEN_ORDERS: '100000000',
  CUSTOMER_MAX_HELD_UNITS: '100000000',
  ADDRESS_MAX_HELD_UNITS: '100000000',
}

export type UpstashAccess = { url: string; token: string }

export type LocalEndpoints = {
  /** The Neon endpoint, ending in /sql. */
  neonUrl: string
  stripeUrl: string
  /** Of the mail emulator. Without it, the shop sends no mail. */
  mailUrl?: string
  /** Without it, the shop has no Redis. */
  upstash?: UpstashAccess
  signingKeys: string
}

/** What the restricted keys of the Stripe emulator may call. */
export const LOCAL_RESTRICTED_KEYS = { [LOCAL_STRIPE.taxKey]: '/v1/tax/calculations' }

/** The variables and secrets of the domain workers, with the emulators as endpoints. */
export function localEnvironment({
  neonUrl,
  stripeUrl,
  mailUrl,
  upstash,
  signingKeys,
}: LocalEndpoints): Record<string, string> {
  const host = new URL(neonUrl).hostname
  const databases = STORED_SERVICES.map(({ database: { role, urlVariable } }) => [
    urlVariable,
    `postgresql://${role}:local@${host}/shop`,
  ])
  return {
    ...Object.fromEntries(databases),
    ENVIRONMENT: 'development',
    NEON_FETCH_ENDPOINT: neonUrl,
    UPSTASH_REDIS_REST_URL: upstash === undefined ? '' : withToken(upstash),
    STRIPE_API_BASE: stripeUrl,
    STRIPE_SECRET_KEY: LOCAL_STRIPE.secretKey,
    STRIPE_TAX_KEY: LOCAL_STRIPE.taxKey,
    STRIPE_WEBHOOK_SECRET: LOCAL_STRIPE.webhookSecret,
    // The Stripe emulator has no rate limit by default.
    STRIPE_REQUESTS_PER_SECOND: '10000',
    TOKEN_SIGNING_KEYS: signingKeys,
    ORDER_TOKEN_SECRET: LOCAL_ORDER_TOKEN_SECRET,
    ACCOUNT_TOKEN_SECRET: LOCAL_ACCOUNT_TOKEN_SECRET,
    FACTOR_SECRET: LOCAL_FACTOR_SECRET,
    RP_ID: 'localhost',
    RP_ORIGINS: LOCAL_ORIGINS,
    STAFF_MFA: 'off',
    ADDRESS_LIMITS: 'raised',
    MAIL_ADDRESS_SECRET: LOCAL_MAIL_ADDRESS_SECRET,
    WEBHOOK_SEALING_SECRET: LOCAL_WEBHOOK_SECRET,
    ...(mailUrl === undefined ? {} : { MAIL_DRIVER: 'resend', MAIL_BASE_URL: withMailKeys(mailUrl, LOCAL_MAIL) }),
  }
}

/**
 * The address of Resend, or of its emulator, with the secret of its webhooks as the user and its key as the password: both are
 * secrets that a shop need not have, and `wrangler dev` passes on only those that it must.
 */
export function withMailKeys(
  url: string,
  { apiKey, webhookSecret }: { apiKey: string; webhookSecret: string },
): string {
  const access = new URL(url)
  access.username = encodeURIComponent(webhookSecret)
  access.password = encodeURIComponent(apiKey)
  return access.href.replace(/\/$/, '')
}

/**
 * The address of an Upstash with its token as the password. The token is a secret that a shop need not have, and
 * `wrangler dev` passes on only those that it must.
 */
export function withToken({ url, token }: UpstashAccess): string {
  const access = new URL(url)
  access.password = token
  return access.href.replace(/\/$/, '')
}
