import type { DependencyFetch } from '@shop/http/dependency-fetch'
import { LONGEST_WAIT_MS, type Permits, priorityNow } from './permits.ts'

const FIRST_BACK_OFF_MS = 250
/** Between a lost attempt and the next, on average. */
const RETRY_MS = 500

/** Set on a 429 of our own: no attempt of this call can have reached Stripe's business logic. */
export const NOT_MADE_HEADER = 'x-shop-not-made'

/**
 * Makes calls to Stripe as permits allow. A call that Stripe refuses with 429 had no effect: it is repeated with a new
 * permit, if that comes in time. A lost attempt, and an answer that Stripe wants repeated, is repeated once: calls with
 * effects carry an idempotency key, or have the same effect when repeated.
 *
 * @returns a 429 of its own for a call that gets no permit; see {@link NOT_MADE_HEADER}
 */
export function permittedFetch(permits: Permits, send: DependencyFetch): DependencyFetch {
  return async (url, init) => {
    const endpoint = endpointOf(init?.method ?? 'GET', url)
    const until = Date.now() + LONGEST_WAIT_MS[priorityNow()]
    let attempts = 0
    for (let backOffMs = FIRST_BACK_OFF_MS; ; ) {
      if (!(await permits.acquire(endpoint, Math.max(0, until - Date.now())))) return tooManyRequests(attempts)
      const answer = await sendOnce(send, url, init)
      if (answer instanceof Response && answer.status === 429) {
        const waitMs = retryAfterMs(answer) ?? backOffMs
        await permits.pause(endpoint, waitMs)
        await answer.body?.cancel()
        if (Date.now() + waitMs >= until) return tooManyRequests(attempts)
        backOffMs *= 2
        continue
      }
      attempts += 1
      if (attempts > 1 || !isToBeRepeated(answer)) return responseOf(answer)
      if (answer instanceof Response) await answer.body?.cancel()
      await sleep(RETRY_MS * (0.5 + Math.random()))
    }
  }
}

type Lost = { lost: unknown }

async function sendOnce(send: DependencyFetch, ...call: Parameters<DependencyFetch>): Promise<Response | Lost> {
  try {
    return await send(...call)
  } catch (error) {
    return { lost: error }
  }
}

function responseOf(answer: Response | Lost): Response {
  if (answer instanceof Response) return answer
  throw answer.lost
}

/** As the SDK decides it; https://docs.stripe.com/error-low-level#should-retry */
function isToBeRepeated(answer: Response | Lost): boolean {
  if (!(answer instanceof Response)) return true
  const advice = answer.headers.get('stripe-should-retry')
  return advice === null ? answer.status === 409 || answer.status >= 500 : advice === 'true'
}

/** The endpoint of a call as Stripe counts them: the third part of a path is always an id. */
export function endpointOf(method: string, url: string | URL | Request): string {
  const { pathname } = new URL(url instanceof Request ? url.url : url)
  return `${method} ${pathname.replace(/^(\/v1\/\w+\/)[^/]+/, '$1:id')}`
}

function retryAfterMs({ headers }: Response): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) ? seconds * 1_000 : undefined
}

function tooManyRequests(attempts: number): Response {
  const error = { type: 'invalid_request_error', code: 'rate_limit', message: 'No permit came in time' }
  return Response.json({ error }, { status: 429, headers: attempts === 0 ? { [NOT_MADE_HEADER]: 'true' } : {} })
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
