import { ROUTED_SERVICES, type RoutedService } from '@shop/services'

export type ServiceCheck = {
  status: 'ok' | 'degraded' | 'down'
  latency_ms: number
  /** The worker's own dependencies. */
  checks?: Record<string, unknown>
  /** The backlog of its events. */
  events?: unknown
}
export type Checks = Record<RoutedService['name'], ServiceCheck>
export type ReadyStatus = 'ready' | 'degraded' | 'unavailable'

/** The status of the shop from that of its services: unavailable when an essential one is down. */
export function readyStatus(checks: Checks): ReadyStatus {
  const down = ROUTED_SERVICES.filter(({ name }) => checks[name].status === 'down')
  if (down.some(({ gateway }) => gateway.isEssential)) return 'unavailable'
  const isDegraded = ROUTED_SERVICES.some(({ name }) => checks[name].status !== 'ok')
  return isDegraded ? 'degraded' : 'ready'
}
