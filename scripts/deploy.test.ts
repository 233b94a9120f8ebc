import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { bundleTable } from './deploy/bundles.ts'
import { inDeployOrder, readConfigs, type WorkerConfig } from './deploy/configs.ts'
import { readRelease, recordRelease, rollBack } from './deploy/releases.ts'
import { deployed, emptyAccount, type FakeAccount, fakeTools, inProcess } from './deploy/testing/fake-account.ts'
import { runWithFake } from './deploy/testing/run-with-fake.ts'
import { deploy } from './deploy.ts'

const CONFIGS = inDeployOrder(readConfigs())
const NAMES = CONFIGS.map(({ name }) => name)

const live = ({ workers }: FakeAccount) => Object.fromEntries(NAMES.map((name) => [name, workers[name]?.live]))
const commands = ({ calls }: FakeAccount, verb: string) => calls.filter(({ args }) => args[0] === verb)

function liveShop(): FakeAccount {
  const account = emptyAccount()
  for (const name of NAMES) deployed(account, name, 2)
  return account
}

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shop-releases-'))
  vi.spyOn(console, 'log').mockReturnValue()
  vi.spyOn(console, 'error').mockReturnValue()
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(folder, { recursive: true })
})

describe('the order of deployment', () => {
  it('puts every worker after those it calls', () => {
    for (const [position, { name, services }] of CONFIGS.entries()) {
      for (const { service } of services) expect(NAMES.indexOf(service), `${name} → ${service}`).toBeLessThan(position)
    }
    expect(NAMES.at(-1)).toBe('shop-gateway')
  })

  it('refuses bindings that form a cycle', () => {
    const cycle = CONFIGS.map(
      (config): WorkerConfig =>
        config.name === 'shop-catalog' ? { ...config, services: [{ service: 'shop-orders' }] } : config,
    )
    expect(() => inDeployOrder(cycle)).toThrow('cycle')
  })
})

describe('a configuration', () => {
  it('with an origin that is none is refused before anything is deployed', async () => {
    const config =
      'name = "shop-gateway"\ncompatibility_date = "2026-10-15"\n[vars]\nCORS_ORIGINS = "store.example.com"\n'
    await writeFile(join(folder, 'gateway.toml'), config)
    expect(() => readConfigs(folder)).toThrow('CORS_ORIGINS has an entry that is no origin')
  })
})

describe('a dry run', () => {
  it('bundles every worker, deploys none, and reads nothing from the account', async () => {
    const account = emptyAccount()
    await deploy({ dryRun: true, ...fakeTools(account) })
    expect(account.calls.map(({ args }) => args.slice(0, 4))).toEqual(
      CONFIGS.map(({ path }) => ['deploy', '--dry-run', '-c', path]),
    )
    expect(account.workers).toEqual({})
  })

  it('starts a worker once, if that is fast enough', async () => {
    const account = emptyAccount()
    account.startupMs = { 'shop-orders': [100, 1] }
    await expect(deploy({ dryRun: true, ...fakeTools(account) })).resolves.toBeUndefined()
    expect(account.startupMs).toEqual({ 'shop-orders': [1] })
  })

  it('uses the fastest of five starts, since other processes can slow one down', async () => {
    const account = emptyAccount()
    account.startupMs = { 'shop-orders': [900, 101, 300, 150, 99.9] }
    await expect(deploy({ dryRun: true, ...fakeTools(account) })).resolves.toBeUndefined()
  })

  it('fails when a worker needs more than 100 ms of CPU time to start', async () => {
    const account = emptyAccount()
    account.startupMs = { 'shop-orders': [900, 101, 300, 150, 100.1, 1] }
    await expect(deploy({ dryRun: true, ...fakeTools(account) })).rejects.toThrow(
      'Above 100 ms of CPU time to start: shop-orders',
    )
  })

  it('warns about a bundle above 1 MiB compressed, and accepts it', async () => {
    const account = emptyAccount()
    account.gzipKib = { 'shop-orders': 1_024.1 }
    await expect(deploy({ dryRun: true, ...fakeTools(account) })).resolves.toBeUndefined()
    expect(vi.mocked(console.log).mock.lastCall?.[0]).toMatch(/shop-orders.* warning: above 1024 KiB/)
  })

  it('shows sizes and start-up times side by side', () => {
    const table = bundleTable([
      { worker: 'shop-gateway', kib: 120.25, gzipKib: 61, startupMs: 60.04 },
      { worker: 'shop-users', kib: 5_000, gzipKib: 1_200, startupMs: 100.1 },
    ])
    expect(table.split('\n')).toEqual([
      'worker           KiB  gzip KiB  start-up ms',
      'shop-gateway   120.3      61.0         60.0  ok',
      'shop-users    5000.0    1200.0        100.1  above 100 ms, warning: above 1024 KiB',
    ])
  })
})

describe('a deployment', () => {
  it('does not begin when a worker starts too slowly', async () => {
    const account = { ...liveShop(), startupMs: { 'shop-gateway': [200, 200, 200, 200, 200] } }
    const before = live(account)
    await expect(deploy({ dryRun: false, ...fakeTools(account) })).rejects.toThrow('to start: shop-gateway')
    expect(live(account)).toEqual(before)
  })

  it('stops at the worker that fails, and a rollback restores those before it', { timeout: 120_000 }, async () => {
    const account = liveShop()
    const before = live(account)
    account.failing = ['deploy -c workers/payments/wrangler.toml']
    const broken = await runWithFake(['scripts/deploy.ts'], account, { LOCAL_DIR: folder })
    expect(broken.code).toBe(1)
    expect(broken.output).toContain('Cloudflare is out of reach')
    const changed = NAMES.filter((name) => broken.account.workers[name]?.live !== before[name])
    const earlier = CONFIGS.slice(0, NAMES.indexOf('shop-payments'))
    expect(changed).toEqual(earlier.map(({ name }) => name))
    const undone = await runWithFake(['scripts/deploy/rollback.ts'], broken.account, { LOCAL_DIR: folder })
    expect(undone.code, undone.output).toBe(0)
    expect(live(undone.account)).toEqual(before)
    expect(commands(undone.account, 'rollback').map(({ args }) => args[3])).toEqual(
      earlier.map(({ path }) => path).toReversed(),
    )
  })
})

describe('a rollback', () => {
  const record = (account: FakeAccount, now = new Date('2026-11-23T12:00:00Z')) =>
    recordRelease(CONFIGS, { run: inProcess(account), now, folder })

  it('restores callers first, and gives the reason in each worker’s history', async () => {
    const account = liveShop()
    const release = await readRelease(await record(account))
    for (const name of NAMES) deployed(account, name)
    expect(await rollBack(release, inProcess(account))).toEqual([])
    expect(commands(account, 'rollback').map(({ args }) => args[3])).toEqual(
      CONFIGS.map(({ path }) => path).toReversed(),
    )
    expect(account.workers['shop-users']?.messages).toEqual(['Rollback to before 2026-11-23T12:00:00.000Z'])
  })

  it('changes nothing when repeated', async () => {
    const account = liveShop()
    const release = await readRelease(await record(account))
    deployed(account, 'shop-users')
    await rollBack(release, inProcess(account))
    await rollBack(release, inProcess(account))
    expect(commands(account, 'rollback')).toHaveLength(1)
  })

  it('does not change a worker that was not live before', async () => {
    const account = emptyAccount()
    const release = await readRelease(await record(account))
    expect(release.workers.map(({ before }) => before)).toEqual(NAMES.map(() => null))
    for (const name of NAMES) deployed(account, name)
    const after = live(account)
    expect(await rollBack(release, inProcess(account))).toEqual([])
    expect(live(account)).toEqual(after)
  })

  it('restores the others when one worker fails, and names the failed one', async () => {
    const account = liveShop()
    const before = live(account)
    const release = await readRelease(await record(account))
    for (const name of NAMES) deployed(account, name)
    account.failing = ['rollback']
    expect(await rollBack(release, inProcess(account))).toEqual(['shop-gateway'])
    expect(live(account)).toEqual({ ...before, 'shop-gateway': account.workers['shop-gateway']?.live })
  })

  it('uses the latest release of a folder', async () => {
    const account = liveShop()
    await record(account)
    deployed(account, 'shop-users')
    await record(account, new Date('2026-11-23T12:00:01Z'))
    expect(await readdir(folder)).toHaveLength(2)
    expect((await readRelease(folder)).startedAt).toBe('2026-11-23T12:00:01.000Z')
  })

  it('fails when the account cannot be read, instead of treating it as empty', async () => {
    const account = liveShop()
    account.failing = ['deployments']
    await expect(record(account)).rejects.toThrow('out of reach')
  })
})
