import { READINESS_PATH, type Readiness } from '@shop/http/readiness'
import type { Context } from 'hono'
import type { GatewayContext } from '../context.ts'
import { type Checks, readyStatus, type ServiceCheck } from '../domain/readiness.ts'
import { SERVICES, type ServiceName } from '../domain/upstreams.ts'
import { type Upstream, upstreams } from '../env.ts'
import { askUpstream } from '../upstream.ts'

/** Shorter than the patience of whoever asks, longer than a database that wakes up. */
const CHECK_TIMEOUT_MS = 4_000

/** Asks every worker about its dependencies, side by side. */
export async function showReadiness(c: Context<GatewayContext>): Promise<Response> {
  const services = upstreams(c.env)
  const results = await Promise.all(SERVICES.map(async (name) => [name, await check(name, services[name])] as const))
  // fromEntries forgets the keys; they are all of SERVICES.
  const checks = Object.fromEntries(results) as Checks
  const status = readyStatus(checks)
  c.header('cache-control', 'no-store')
  return c.json({ status, checks }, status === 'unavailable' ? 503 : 200)
}

async function check(name: ServiceName, upstream: Upstream): Promise<ServiceCheck> {
  const started = Date.now()
  const request = new Request(`https://${name}.internal${READINESS_PATH}`)
  try {
    const response = await askUpstream(upstream, name, request, CHECK_TIMEOUT_MS)
    const { status, checks } = await readinessOf(response)
    return { status, latency_ms: Date.now() - started, ...(checks ? { checks } : {}) }
  } catch {
    return { status: 'down', latency_ms: Date.now() - started }
  }
}

async function readinessOf(response: Response): Promise<Pick<ServiceCheck, 'status' | 'checks'>> {
  // A worker of ours writes it, and it is only shown.
  const body = (await response.json().catch(() => null)) as Partial<Readiness> | null
  const degraded = body?.status === 'degraded' ? 'degraded' : 'ok'
  const status = response.status === 200 ? degraded : 'down'
  return { status, ...(body?.checks ? { checks: body.checks } : {}) }
}
