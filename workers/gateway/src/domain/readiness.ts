import { SERVICES, type ServiceName } from './upstreams.ts'

/** Without these nothing can be sold. Without payments, orders are placed and keep their stock until they expire. */
const ESSENTIAL: ReadonlySet<ServiceName> = new Set(['users', 'catalog', 'orders'])

export type ServiceCheck = { status: 'ok' | 'degraded' | 'down'; latency_ms: number; checks?: Record<string, unknown> }
export type Checks = Record<ServiceName, ServiceCheck>
export type ReadyStatus = 'ready' | 'degraded' | 'unavailable'

/** The state of the whole from that of its workers. */
export function readyStatus(checks: Checks): ReadyStatus {
  const down = SERVICES.filter((service) => checks[service].status === 'down')
  if (down.length === 0) {
    return SERVICES.some((service) => checks[service].status === 'degraded') ? 'degraded' : 'ready'
  }
  return down.some((service) => ESSENTIAL.has(service)) ? 'unavailable' : 'degraded'
}
