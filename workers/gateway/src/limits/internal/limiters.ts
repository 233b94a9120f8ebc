import type { Limit } from '@shop/contracts/limit'
import { formatPolicy, POLICY_HEADER, STATUS_HEADER } from '@shop/http/limit-headers'
import { log } from '@shop/http/log'
import { problem } from '@shop/http/problem'
import type { Context } from 'hono'
import type { GatewayContext } from '../../deps.ts'
import type { Limiter } from '../../env.ts'
import { openHeaders } from '../../responses/open-headers.ts'

/**
 * Counts a request. A limiter that fails lets the request pass: these limits are for load, not for access.
 *
 * @param key whom the request counts for
 * @returns the refusal, if there is one. The binding does not say how much of the window is left, so the client is told
 * to wait for all of it
 */
export async function refusalBy(
  c: Context<GatewayContext>,
  limiter: Limiter,
  limit: Limit,
  key: string,
): Promise<Response | undefined> {
  c.set('limits', [...(c.get('limits') ?? []), limit])
  const { success } = await limiter.limit({ key }).catch((error: unknown) => {
    log('warn', 'limiter_failed', { limit: limit.name, error })
    return { success: true }
  })
  if (success) return undefined
  const response = problem(c, { code: 'rate_limited', retryAfter: limit.windowSeconds })
  response.headers.set(STATUS_HEADER, `"${limit.name}";r=0`)
  return response
}

/** Names the limits that applied to the request, before those that its worker named. */
export function showLimits(c: Context<GatewayContext>): void {
  const limits = c.get('limits')
  if (limits === undefined) return
  const headers = openHeaders(c)
  const further = headers.get(POLICY_HEADER)
  headers.set(POLICY_HEADER, [...limits.map(formatPolicy), ...(further === null ? [] : [further])].join(', '))
}
