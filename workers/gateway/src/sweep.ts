import { log } from '@shop/http/log'
import type { ServiceName } from './domain/upstreams.ts'
import { type GatewayBindings, upstreams } from './env.ts'

/** Side by side, except that captures that wait are told to orders before orders looks for what has expired. */
const IN_TURN: readonly (readonly ServiceName[])[] = [['users'], ['catalog'], ['payments', 'orders']]

/** Lets every worker do what is due. One that fails stops no other, and is tried again a minute later. */
export async function sweepAll(env: GatewayBindings): Promise<void> {
  await Promise.all(
    IN_TURN.map(async (services) => {
      for (const service of services) await sweep(env, service)
    }),
  )
}

async function sweep(env: GatewayBindings, service: ServiceName): Promise<void> {
  try {
    const report = { ...(await upstreams(env)[service].sweep()) }
    if (Object.values(report).some((count) => count > 0)) log('info', 'swept', { service, report })
  } catch (error) {
    log('error', 'sweep_failed', { service, error })
  }
}
