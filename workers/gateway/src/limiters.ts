import type { Limit } from '@shop/contracts/limits'
import { formatPolicy, POLICY_HEADER, STATUS_HEADER } from '@shop/http'
import { log } from '@shop/http/log'
import { problem } from '@shop/http/problem'
import type { Context } from 'hono'
import type { GatewayContext } from './context.ts'
import type { Limiter } from './env.ts'
import { openHeaders } from './open-headers.ts'

/**
 * Counts a request. A limiter that fails lets everybody in: these are there for load, not for access.
 *
 * @param key whom it counts for
 * @returns the refusal, or null. The binding does not say how much of the window is left, so all of it is to be waited
 */
export async function refusalBy(
  c: Context<GatewayContext>,
  limiter: Limiter,
  limit: Limit,
  key: string,
): Promise<Response | null> {
  c.set('limits', [...(c.get('limits') ?? []), limit])
  const { success } = await limiter.limit({ key }).catch((error: unknown) => {
    log('warn', 'limiter_failed', { limit: limit.name, error })
    return { success: true }
  })
  if (success) return null
  const response = problem(c, { code: 'rate_limited', retryAfter: limit.windowSeconds })
  response.headers.set(STATUS_HEADER, `"${limit.name}";r=0`)
  return response
}

/** Names the limits the request was under, before those its worker has named. */
export function showLimits(c: Context<GatewayContext>): void {
  const limits = c.get('limits')
  if (limits === undefined) return
  const headers = openHeaders(c)
  const further = headers.get(POLICY_HEADER)
  headers.set(POLICY_HEADER, [...limits.map(formatPolicy), ...(further === null ? [] : [further])].join(', '))
}
