import { Unavailable } from '@shop/kernel'
import type { Upstream } from './env.ts'

/**
 * Asks a worker over its binding.
 *
 * @throws Unavailable when it throws, cannot be reached, or has not begun to answer after `timeoutMs`
 */
export async function askUpstream(
  upstream: Pick<Upstream, 'fetch'>,
  name: string,
  request: Request,
  timeoutMs: number,
): Promise<Response> {
  const impatience = new AbortController()
  let isWaiting = true
  // Not cleared, which costs more than letting it pass: a timer ends with its request.
  setTimeout(() => {
    if (isWaiting) impatience.abort(new Unavailable(name))
  }, timeoutMs)
  try {
    return await upstream.fetch(request, { signal: impatience.signal })
  } catch (error) {
    throw new Unavailable(name, error)
  } finally {
    isWaiting = false
  }
}
