import type { DependencyFetch } from '@shop/http/dependency-fetch'
import { LONGEST_WAIT_MS, priorityNow, type Turns } from '../budget/turns.ts'

const FIRST_BACK_OFF_MS = 250
/** Between a try that got lost and the next, on average. */
const RETRY_MS = 500

/** On a 429: that no try of this call can have reached Stripe's business. */
export const NOT_MADE_HEADER = 'x-shop-not-made'

/**
 * Makes calls to Stripe when their turn comes. What Stripe refuses for its rate, it has not done: the call is made again
 * once it is its turn again, if that is in time. A try that gets lost, or that Stripe would have repeated, is made once
 * more: calls that act carry their idempotency key, or come to the same when repeated.
 *
 * @returns a 429 of its own for a call whose turn does not come; see {@link NOT_MADE_HEADER}
 */
export function inTurn(turns: Turns, send: DependencyFetch): DependencyFetch {
  return async (url, init) => {
    const kind = endpointOf(init?.method ?? 'GET', url)
    const until = Date.now() + LONGEST_WAIT_MS[priorityNow()]
    let tries = 0
    for (let backOffMs = FIRST_BACK_OFF_MS; ; ) {
      if (!(await turns.take(kind, Math.max(0, until - Date.now())))) return tooMany(tries)
      const answer = await tryOnce(send, url, init)
      if (answer instanceof Response && answer.status === 429) {
        const waitMs = retryAfterMs(answer) ?? backOffMs
        await turns.pause(kind, waitMs)
        await answer.body?.cancel()
        if (Date.now() + waitMs >= until) return tooMany(tries)
        backOffMs *= 2
        continue
      }
      tries += 1
      if (tries > 1 || !isToBeRepeated(answer)) return settled(answer)
      if (answer instanceof Response) await answer.body?.cancel()
      await sleep(RETRY_MS * (0.5 + Math.random()))
    }
  }
}

type Lost = { lost: unknown }

async function tryOnce(send: DependencyFetch, ...call: Parameters<DependencyFetch>): Promise<Response | Lost> {
  try {
    return await send(...call)
  } catch (error) {
    return { lost: error }
  }
}

function settled(answer: Response | Lost): Response {
  if (answer instanceof Response) return answer
  throw answer.lost
}

/** As the SDK decides it; https://docs.stripe.com/error-low-level#should-retry */
function isToBeRepeated(answer: Response | Lost): boolean {
  if (!(answer instanceof Response)) return true
  const advice = answer.headers.get('stripe-should-retry')
  return advice === null ? answer.status === 409 || answer.status >= 500 : advice === 'true'
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

function tooMany(tries: number): Response {
  const error = { type: 'invalid_request_error', code: 'rate_limit', message: 'No turn came in time' }
  return Response.json({ error }, { status: 429, headers: tries === 0 ? { [NOT_MADE_HEADER]: 'true' } : {} })
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
