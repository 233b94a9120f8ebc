import type { Context } from 'hono'
import type { GatewayContext } from '../deps.ts'
import { readyStatus } from './domain/readiness.ts'

/** Readiness: every worker has checked its dependencies within the last second. */
export async function showReadiness(c: Context<GatewayContext>): Promise<Response> {
  const checks = await c.get('deps').readiness()
  const status = readyStatus(checks)
  c.header('cache-control', 'no-store')
  return c.json({ status, checks }, status === 'unavailable' ? 503 : 200)
}
