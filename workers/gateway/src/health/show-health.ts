import type { Context } from 'hono'
import type { GatewayContext } from '../deps.ts'

/** Liveness: the gateway runs. No dependency is asked. */
export function showHealth(c: Context<GatewayContext>): Response {
  return c.json({ status: 'ok' }, 200, { 'cache-control': 'no-store' })
}
