import { withoutTrailingSlash } from './upstreams.ts'

/** Probes ask often and cost little. Webhooks come from few addresses, in bursts, and are checked by signature. */
const UNLIMITED = /^\/(?:health(?:\/ready)?\/?$|api\/webhooks\/)/

/** Whether the limit per address leaves a path out. */
export function isUnlimited(path: string): boolean {
  return UNLIMITED.test(path)
}

/** Whether a request tries to pay: there, cards are tried out. */
export function isPayment(method: string, path: string): boolean {
  return method === 'POST' && withoutTrailingSlash(path) === '/api/payments'
}
