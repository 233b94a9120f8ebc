import { dependencyFetch } from '@shop/http'
import Stripe from 'stripe'
import { LONGEST_WAIT_MS, type Turns } from '../budget/turns.ts'
import { inTurn } from './in-turn.ts'

/** One try of a call to Stripe may take this long. */
const STRIPE_TIMEOUT_MS = 4_000

/** What a request keeps back to write down what Stripe has answered. */
const RESERVE_MS = 1_000

const stripeFetch = dependencyFetch('stripe', { timeoutMs: STRIPE_TIMEOUT_MS, reserveMs: RESERVE_MS })

/** @param apiBase where to find Stripe instead of its own address; empty means the latter */
export function stripeClient(options: { secretKey: string; apiBase: string; turns: Turns }): Stripe {
  const shared = {
    httpClient: Stripe.createFetchHttpClient(inTurn(options.turns, stripeFetch)),
    // What a call waits and tries in all; each try has its own limit.
    timeout: 2 * (LONGEST_WAIT_MS.background + STRIPE_TIMEOUT_MS),
    // Calls are repeated where it is known whether it is their turn.
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
