import { log } from '@shop/http/log'
import { ROUTED_SERVICES, type RoutedService } from '@shop/services'
import type { GatewayDeps } from './deps.ts'

/** How long a sweep that follows another lets it have a head start. */
const HEAD_START_SECONDS = 10

type SweepDeps = Pick<GatewayDeps, 'upstreams' | 'settings'>

/**
 * Wakes the sweeper of every worker, side by side. One that cannot be woken stops no other, and is tried again a minute
 * later.
 *
 * In development this waits for the end of the sweeps, each after those it follows: tests and the local shop rely on it.
 */
export async function sweepServices(deps: SweepDeps): Promise<void> {
  const sweeps = new Map<string, Promise<void>>()
  const sweepOf = (service: RoutedService): Promise<void> => {
    const known = sweeps.get(service.name)
    if (known !== undefined) return known
    const before = ROUTED_SERVICES.filter(({ name }) => service.gateway.sweepsAfter.includes(name))
    const sweep = Promise.all(before.map(sweepOf)).then(() => sweepOne(deps, service))
    sweeps.set(service.name, sweep)
    return sweep
  }
  await Promise.all(ROUTED_SERVICES.map(sweepOf))
}

async function sweepOne({ upstreams, settings }: SweepDeps, { name, gateway }: RoutedService): Promise<void> {
  const waits = settings.ENVIRONMENT === 'development'
  const delaySeconds = !waits && gateway.sweepsAfter.length > 0 ? HEAD_START_SECONDS : 0
  try {
    await upstreams[name].sweep({ delaySeconds, waits })
  } catch (error) {
    log('error', 'sweep_failed', { service: name, error })
  }
}
