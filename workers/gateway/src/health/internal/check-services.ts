import { READINESS_PATH, type Readiness } from '@shop/http/readiness'
import { ROUTED_SERVICES } from '@shop/services'
import type { Upstream, Upstreams } from '../../env.ts'
import { askUpstream } from '../../forwarding/ask-upstream.ts'
import type { Checks, ServiceCheck } from '../domain/readiness.ts'

/** Shorter than a probe usually waits, longer than a database takes to wake up. */
export const CHECK_TIMEOUT_MS = 4_000

/** Makes every worker check its dependencies, side by side. Never throws: a worker that does not answer is down. */
export async function checkServices(upstreams: Upstreams): Promise<Checks> {
  const results = await Promise.all(
    ROUTED_SERVICES.map(async ({ name }) => [name, await check(name, upstreams[name])] as const),
  )
  // fromEntries forgets the keys; they are those of the table.
  return Object.fromEntries(results) as Checks
}

async function check(name: string, upstream: Upstream): Promise<ServiceCheck> {
  const started = Date.now()
  const request = new Request(`https://${name}.internal${READINESS_PATH}`)
  try {
    const response = await askUpstream(upstream, name, request, CHECK_TIMEOUT_MS)
    const { status, ...details } = await readinessOf(response)
    return { status, latency_ms: Date.now() - started, ...details }
  } catch {
    return { status: 'down', latency_ms: Date.now() - started }
  }
}

async function readinessOf(response: Response): Promise<Omit<ServiceCheck, 'latency_ms'>> {
  // Our own worker writes it, and it is only shown.
  const body = (await response.json().catch(() => null)) as Partial<Readiness> | null
  const degraded = body?.status === 'degraded' ? 'degraded' : 'ok'
  const status = response.status === 200 ? degraded : 'down'
  const { checks, events } = body ?? {}
  return { status, ...(checks ? { checks } : {}), ...(events ? { events } : {}) }
}
