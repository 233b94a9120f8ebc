import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LIMITS } from '@shop/contracts/limits'
import { LOCAL_STRIPE } from '@shop/local-environment/environment'
import { configOf, GATEWAY, ROUTED_SERVICES, SERVICES, WORKERS, type Worker } from '@shop/services'
import { parse } from 'smol-toml'
import { describe, expect, it } from 'vitest'

type Config = {
  name: string
  workers_dev?: boolean
  preview_urls?: boolean
  route?: unknown
  routes?: unknown
  secrets?: { required?: string[] }
  services?: { binding: string; service: string }[]
  observability?: { enabled: boolean }
  ratelimits?: { name: string; namespace_id: string; simple: { limit: number; period: number } }[]
}

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const configs = Object.fromEntries(
  WORKERS.map((worker) => [worker, parse(readFileSync(join(ROOT, configOf(worker)), 'utf8')) as Config]),
) as Record<Worker, Config>

describe('the table of services', () => {
  it('has a row for every folder of workers', () => {
    const folders = readdirSync(join(ROOT, 'workers')).filter((name) => existsSync(join(ROOT, 'workers', name, 'src')))
    expect(folders.sort()).toEqual([...WORKERS].sort())
  })

  it.each([GATEWAY, ...SERVICES])('names $worker as its config does', ({ name, worker }) => {
    expect(configs[name].name).toBe(worker)
  })

  it.each(SERVICES)('lists the database of $name, if it has one', ({ name, database }) => {
    const secrets = configs[name].secrets?.required ?? []
    expect(secrets.filter((secret) => secret.endsWith('_DATABASE_URL'))).toEqual(
      database === undefined ? [] : [database.urlVariable],
    )
  })

  it('lists the bindings of the gateway', () => {
    expect(configs.gateway.services).toEqual(
      ROUTED_SERVICES.map(({ worker, gateway }) => ({ binding: gateway.binding, service: worker })),
    )
  })

  it.each(SERVICES)('lists what $name may call', ({ name, mayCall }) => {
    const allowed = SERVICES.filter((service) => mayCall.includes(service.name)).map(({ worker }) => worker)
    const called = (configs[name].services ?? []).map(({ service }) => service)
    expect(allowed).toEqual(expect.arrayContaining(called))
  })
})

describe('the config of a worker', () => {
  it.each(SERVICES)('gives $name no public address', ({ name }) => {
    const config = configs[name]
    expect(config).toMatchObject({ workers_dev: false, preview_urls: false })
    expect(config.route ?? config.routes).toBeUndefined()
  })

  it.each(WORKERS)('enables the logs of %s', (worker) => {
    expect(configs[worker].observability?.enabled).toBe(true)
  })

  it('has the same rate limits as the table of all limits', () => {
    const { address, network, webhook, user, payment, paymentOrder, paymentAddress, order, orderAddress } = LIMITS
    const kept = [address, network, webhook, user, payment, paymentOrder, paymentAddress, order, orderAddress]
    const expected = kept.map(({ name, quota, windowSeconds }) => ({
      name: `${name.toUpperCase().replaceAll('-', '_')}_LIMIT`,
      simple: { limit: quota, period: windowSeconds },
    }))
    expect(configs.gateway.ratelimits).toMatchObject(expected)
  })

  it('counts each rate limit in a namespace of its own', () => {
    const ids = configs.gateway.ratelimits?.map(({ namespace_id: id }) => id)
    expect([...new Set(ids)]).toEqual(ids)
  })
})

describe('the README of the Stripe emulator', () => {
  it.each(Object.values(LOCAL_STRIPE))('names %s, which npm run dev uses', (key) => {
    expect(readFileSync(join(ROOT, 'emulators/stripe/README.md'), 'utf8')).toContain(`\`${key}\``)
  })
})
