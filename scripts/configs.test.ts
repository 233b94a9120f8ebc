import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LIMITS } from '@shop/contracts/limits'
import { configOf, WORKERS, type Worker } from '@shop/services'
import { parse } from 'smol-toml'
import { describe, expect, it } from 'vitest'

type Config = {
  name: string
  workers_dev?: boolean
  preview_urls?: boolean
  route?: unknown
  routes?: unknown
  services?: { binding: string; service: string }[]
  observability?: { enabled: boolean }
  ratelimits?: { name: string; simple: { limit: number; period: number } }[]
}

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const configs = Object.fromEntries(
  WORKERS.map((worker) => [worker, parse(readFileSync(join(ROOT, configOf(worker)), 'utf8')) as Config]),
) as Record<Worker, Config>
const INTERNAL = WORKERS.filter((worker) => worker !== 'gateway')

/** Bindings lead downstream only. A circle would also make a first deployment fail. */
const MAY_CALL: Record<Worker, Worker[]> = {
  gateway: ['users', 'catalog', 'orders', 'payments'],
  users: ['orders', 'payments'],
  payments: ['orders'],
  orders: ['catalog'],
  catalog: [],
}

describe('the configuration of the workers', () => {
  it.each(INTERNAL)('gives %s no public door', (worker) => {
    const config = configs[worker]
    expect(config).toMatchObject({ workers_dev: false, preview_urls: false })
    expect(config.route ?? config.routes).toBeUndefined()
  })

  it.each(WORKERS)('lets %s call downstream workers only', (worker) => {
    const called = (configs[worker].services ?? []).map(({ service }) => service.replace(/^shop-/, ''))
    expect(MAY_CALL[worker]).toEqual(expect.arrayContaining(called))
  })

  it('lets the gateway reach every worker', () => {
    const called = configs.gateway.services?.map(({ service }) => service)
    expect(called?.sort()).toEqual(INTERNAL.map((worker) => configs[worker].name).sort())
  })

  it.each(WORKERS)('keeps the logs of %s', (worker) => {
    expect(configs[worker].observability?.enabled).toBe(true)
  })

  it('says the same of the platform’s limits as the table of all limits', () => {
    const tabled = [LIMITS.address, LIMITS.user, LIMITS.payment].map(({ name, quota, windowSeconds }) => ({
      name: `${name.toUpperCase()}_LIMIT`,
      simple: { limit: quota, period: windowSeconds },
    }))
    expect(configs.gateway.ratelimits).toMatchObject(tabled)
  })
})
