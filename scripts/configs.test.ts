import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LIMITS } from '@shop/contracts/limits'
import { ObjectSettings } from '@shop/http/objects'
import { LOCAL_STRIPE } from '@shop/local-environment/environment'
import { configOf, GATEWAY, ROUTED_SERVICES, SERVICES, STORED_SERVICES, WORKERS, type Worker } from '@shop/services'
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
  compatibility_flags?: string[]
  triggers?: { crons?: string[] }
  placement?: { region?: string }
  vars?: Record<string, string>
  durable_objects?: {
    bindings: { name: string; class_name: string; script_name?: string }[]
    code_update_strategy?: { mode: string }
  }
  migrations?: { tag: string; new_sqlite_classes?: string[] }[]
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

  it.each([GATEWAY.name, ...STORED_SERVICES.map(({ name }) => name)])(
    'keeps Node’s compatibility layer out of %s, which uses none of it',
    (worker) => {
      expect(configs[worker].compatibility_flags?.slice(0, 2)).toEqual(['no_nodejs_compat', 'nodejs_als'])
    },
  )

  it('sends webhooks to the public internet only, and has no other flag', () => {
    const others = WORKERS.flatMap((worker) => configs[worker].compatibility_flags?.slice(2) ?? [])
    expect(others).toEqual(['global_fetch_strictly_public'])
    expect(configs.notifications.compatibility_flags).toContain('global_fetch_strictly_public')
  })

  it('runs what makes several round trips to the database in its region, and what is read near the client there', () => {
    const regions = WORKERS.map((worker) => [worker, configs[worker].placement?.region])
    const placed = regions.filter(([, region]) => region !== undefined)
    expect(placed.map(([worker]) => worker)).toEqual(['users', 'orders', 'payments'])
    expect(new Set(placed.map(([, region]) => region)).size).toBe(1)
  })

  it.each(WORKERS.filter((worker) => worker !== GATEWAY.name))(
    'gives %s no cron: the gateway’s wakes its sweeper',
    (worker) => {
      expect(configs[worker].triggers).toBeUndefined()
    },
  )

  it('has the same rate limits as the table of all limits', () => {
    const { address, network, webhook, user, payment, paymentOrder, paymentAddress, order, orderAddress } = LIMITS
    const { cartAddress, cartWriteAddress, orderTokenAddress, liveTicketAddress } = LIMITS
    const ofOrders = [payment, paymentOrder, paymentAddress, order, orderAddress, cartAddress, cartWriteAddress]
    const { storefrontAddress, storefront } = LIMITS
    const ofLoad = [address, network, webhook, user, storefrontAddress, storefront]
    const kept = [...ofLoad, ...ofOrders, orderTokenAddress, liveTicketAddress]
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

describe('the Durable Objects', () => {
  const bindingsOf = (worker: Worker) => configs[worker].durable_objects?.bindings ?? []
  const withObjects = WORKERS.filter((worker) => bindingsOf(worker).length > 0)
  const withOwn = withObjects.filter((worker) => bindingsOf(worker).some(({ script_name: other }) => !other))

  it.each(STORED_SERVICES)('of $name include a sweeper', ({ name }) => {
    expect(configs[name].durable_objects?.bindings).toContainEqual({ name: 'SWEEPER', class_name: 'Sweeper' })
  })

  it.each(withOwn)('of %s run new code at once, and are made by its migrations', (worker) => {
    const { durable_objects: objects, migrations = [] } = configs[worker]
    expect(objects?.code_update_strategy).toEqual({ mode: 'immediate' })
    const made = migrations.flatMap(({ new_sqlite_classes = [] }) => new_sqlite_classes)
    const own = objects?.bindings.filter(({ script_name: other }) => !other)
    expect(made.sort()).toEqual(own?.map(({ class_name }) => class_name).sort())
    expect(migrations.map(({ tag }) => tag)).toEqual(migrations.map((_, index) => `v${index + 1}`))
  })

  it('of another worker are those of revocations, which the gateway and live updates ask directly', () => {
    const foreign = withObjects.flatMap((worker) =>
      bindingsOf(worker).flatMap(({ script_name: other, ...binding }) =>
        other ? [{ worker, other, ...binding }] : [],
      ),
    )
    expect(foreign).toEqual([
      { worker: 'gateway', other: 'shop-users', name: 'REVOCATIONS', class_name: 'RevocationObject' },
      { worker: 'notifications', other: 'shop-users', name: 'REVOCATIONS', class_name: 'RevocationObject' },
    ])
    expect(bindingsOf('users')).toContainEqual({ name: 'REVOCATIONS', class_name: 'RevocationObject' })
  })

  it('of all workers live in one place', () => {
    const settings = withObjects.map((worker) => ObjectSettings.parse(configs[worker].vars))
    expect(settings.length).toBeGreaterThan(1)
    for (const one of settings) expect(one).toEqual(settings[0])
  })

  it('are reached only where their place is given', () => {
    const folders = ['workers', 'packages'].map((folder) => join(ROOT, folder))
    const sources = folders.flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => /^[^/]+\/src\/.*\.ts$/.test(file))
        .map((file) => join(folder, file)),
    )
    const reaching = sources.filter((file) =>
      /\.(?:getByName|idFromName|newUniqueId)\(/.test(readFileSync(file, 'utf8')),
    )
    expect(reaching).toEqual([join(ROOT, 'packages/http/src/objects.ts')])
  })
})
