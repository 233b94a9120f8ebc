import { dependencyFetch } from '@shop/http/dependency-fetch'
import Stripe from 'stripe'
import { LONGEST_WAIT_MS, type Permits } from './permits.ts'
import { permittedFetch } from './permitted-fetch.ts'

/** Limit for one attempt of a call to Stripe. */
const STRIPE_TIMEOUT_MS = 4_000

/** The part of a request's time that is reserved for recording Stripe's answer. */
const RESERVE_MS = 1_000

const stripeFetch = dependencyFetch('stripe', { timeoutMs: STRIPE_TIMEOUT_MS, reserveMs: RESERVE_MS })

/** @param apiBase address to use instead of Stripe's own; empty means the latter */
export function stripeClient(options: { secretKey: string; apiBase: string; permits: Permits }): Stripe {
  const shared = {
    httpClient: Stripe.createFetchHttpClient(permittedFetch(options.permits, stripeFetch)),
    // Limit for waits and attempts together; each attempt has its own.
    timeout: 2 * (LONGEST_WAIT_MS.background + STRIPE_TIMEOUT_MS),
    // permittedFetch repeats calls, since it knows whether there is a permit.
    maxNetworkRetries: 0,
    telemetry: false,
  }
  if (options.apiBase === '') return new Stripe(options.secretKey, shared)
  const { protocol, hostname, port } = new URL(options.apiBase)
  const isHttp = protocol === 'http:'
  return new Stripe(options.secretKey, {
    ...shared,
    host: hostname,
    port: port === '' ? (isHttp ? 80 : 443) : Number(port),
    protocol: isHttp ? 'http' : 'https',
  })
}
