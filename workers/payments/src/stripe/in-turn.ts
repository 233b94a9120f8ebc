import type { DependencyFetch } from '@shop/http/dependency-fetch'
import { LONGEST_WAIT_MS, priorityNow, type Turns } from '../budget/turns.ts'

const FIRST_BACK_OFF_MS = 250

/**
 * Makes calls to Stripe when their turn comes. What Stripe refuses for its rate, it has not done: the call is made again
 * once it is its turn again, if that is in time.
 *
 * @returns a 429 of its own for a call that was not made
 */
export function inTurn(turns: Turns, send: DependencyFetch): DependencyFetch {
  return async (url, init) => {
    const kind = endpointOf(init?.method ?? 'GET', url)
    const until = Date.now() + LONGEST_WAIT_MS[priorityNow()]
    for (let backOffMs = FIRST_BACK_OFF_MS; ; backOffMs *= 2) {
      if (!(await turns.take(kind, until - Date.now()))) return notMade()
      const response = await send(url, init)
      if (response.status !== 429) return response
      const waitMs = retryAfterMs(response) ?? backOffMs
      await turns.pause(kind, waitMs)
      if (Date.now() + waitMs >= until) return response
      await response.body?.cancel()
    }
  }
}

/** The endpoint a call goes to, as Stripe counts them: the third part of a path is always an id. */
export function endpointOf(method: string, url: string | URL | Request): string {
  const { pathname } = new URL(url instanceof Request ? url.url : url)
  return `${method} ${pathname.replace(/^(\/v1\/\w+\/)[^/]+/, '$1:id')}`
}

function retryAfterMs({ headers }: Response): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) ? seconds * 1_000 : undefined
}

function notMade(): Response {
  const error = { type: 'invalid_request_error', code: 'rate_limit', message: 'No turn came in time' }
  return Response.json({ error }, { status: 429, headers: { 'stripe-should-retry': 'false' } })
}
