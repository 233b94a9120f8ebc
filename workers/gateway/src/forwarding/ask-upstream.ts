import { REQUEST_BUDGET_MS } from '@shop/http/trace'
import { Unavailable } from '@shop/kernel/unavailable'
import type { Upstream } from '../env.ts'

/** For requests of clients: a little more than a worker has, so that it can answer its own timeout. */
export const UPSTREAM_TIMEOUT_MS = REQUEST_BUDGET_MS + 300

/**
 * Sends a request to a worker over its binding.
 *
 * @throws Unavailable when it throws, cannot be reached, or has not begun to answer after `timeoutMs`
 */
export async function askUpstream(
  upstream: Pick<Upstream, 'fetch'>,
  name: string,
  request: Request,
  timeoutMs: number,
): Promise<Response> {
  const abort = new AbortController()
  let isWaiting = true
  // Not cleared, which costs more than letting it fire: a timer ends with its request.
  setTimeout(() => {
    if (isWaiting) abort.abort(new Unavailable(name))
  }, timeoutMs)
  try {
    return await upstream.fetch(request, { signal: abort.signal })
  } catch (error) {
    throw new Unavailable(name, error)
  } finally {
    isWaiting = false
  }
}
