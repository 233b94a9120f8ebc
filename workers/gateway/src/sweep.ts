import { log } from '@shop/http'
import { ROUTED_SERVICES, type RoutedService } from '@shop/services'
import type { GatewayDeps } from './deps.ts'

/**
 * Makes every worker do what is due by time, side by side, each after the sweeps it waits for. One that fails stops no
 * other, and is tried again a minute later.
 */
export async function sweepServices(deps: Pick<GatewayDeps, 'upstreams'>): Promise<void> {
  const sweeps = new Map<string, Promise<void>>()
  const sweepOf = (service: RoutedService): Promise<void> => {
    const known = sweeps.get(service.name)
    if (known !== undefined) return known
    const before = ROUTED_SERVICES.filter(({ name }) => service.gateway.sweepsAfter.includes(name))
    const sweep = Promise.all(before.map(sweepOf)).then(() => sweepOne(deps, service.name))
    sweeps.set(service.name, sweep)
    return sweep
  }
  await Promise.all(ROUTED_SERVICES.map(sweepOf))
}

async function sweepOne({ upstreams }: Pick<GatewayDeps, 'upstreams'>, service: RoutedService['name']): Promise<void> {
  try {
    const report = { ...(await upstreams[service].sweep()) }
    if (Object.values(report).some((count) => count > 0)) log('info', 'swept', { service, report })
  } catch (error) {
    log('error', 'sweep_failed', { service, error })
  }
}
