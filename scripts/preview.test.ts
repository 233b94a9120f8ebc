import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { gatewayOf, inDeployOrder, isPublic, queuesOf, readConfigs } from './deploy/configs.ts'
import { deployed, emptyAccount, inProcess } from './deploy/testing/fake-account.ts'
import { deploy } from './deploy.ts'
import { type Preview, previewUrl, readPreview, writePreviewConfigs } from './preview-config.ts'
import { type NeonProject, openBranch, removeBranch } from './preview-database.ts'
import { removePreview } from './preview-remove.ts'
import { connectStripe, createWebhook } from './setup-cloudflare/stripe-webhook.ts'
import { startStripeEndpoints } from './setup-cloudflare/testing/stripe-endpoints.ts'

const PREVIEW: Preview = { pullRequest: 12, subdomain: 'example' }
const URL_12 = 'https://shop-pr-12-gateway.example.workers.dev'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shop-preview-'))
  await writePreviewConfigs(PREVIEW, folder)
  vi.spyOn(console, 'log').mockReturnValue()
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(folder, { recursive: true })
})

describe('the configurations of a preview', () => {
  it('share no name with production', () => {
    const production = readConfigs()
    const preview = readConfigs(folder)
    const namesOf = (configs: typeof preview) => [
      ...configs.map(({ name }) => name),
      ...queuesOf(configs),
      ...configs.flatMap(({ services }) => services.map(({ service }) => service)),
      ...configs.flatMap(({ durable_objects }) =>
        durable_objects.bindings.flatMap(({ script_name: other }) => other ?? []),
      ),
      ...configs.flatMap(({ ratelimits }) => ratelimits.map(({ namespace_id }) => namespace_id)),
    ]
    expect(preview).toHaveLength(production.length)
    for (const name of namesOf(preview)) expect(namesOf(production)).not.toContain(name)
  })

  it('bind the preview’s own workers only', () => {
    const names = inDeployOrder(readConfigs(folder)).map(({ name }) => name)
    expect(names.sort()).toEqual(
      readConfigs()
        .map(({ name }) => name.replace('shop-', 'shop-pr-12-'))
        .sort(),
    )
  })

  it('have one public worker, at workers.dev', () => {
    const preview = readConfigs(folder)
    expect(gatewayOf(preview)).toMatchObject({ name: 'shop-pr-12-gateway', workers_dev: true, routes: [] })
    expect(preview.filter(isPublic)).toHaveLength(1)
    expect(previewUrl(PREVIEW)).toBe(URL_12)
  })

  it('issue tokens and take passkeys for this preview only, and do not use production’s Redis', () => {
    const vars = readConfigs(folder).map((config) => config.vars)
    expect(
      vars.filter(({ TOKEN_ISSUER }) => TOKEN_ISSUER !== undefined).map(({ TOKEN_ISSUER }) => TOKEN_ISSUER),
    ).toEqual([URL_12, URL_12])
    expect(vars.find(({ RP_ID }) => RP_ID !== undefined)).toMatchObject({
      RP_ID: new URL(URL_12).hostname,
      RP_ORIGINS: URL_12,
    })
    for (const { UPSTASH_REDIS_REST_URL } of vars) expect(UPSTASH_REDIS_REST_URL ?? '').toBe('')
  })

  it('do not keep the database awake', async () => {
    expect(await readFile(join(folder, 'gateway.toml'), 'utf8')).toContain('crons = [ "0 * * * *" ]')
  })

  it('keep the secrets that a worker requires', () => {
    const required = (configs: ReturnType<typeof readConfigs>) =>
      configs.flatMap(({ secrets }) => secrets.required).sort()
    expect(required(readConfigs(folder))).toEqual(required(readConfigs()))
  })

  // The real wrangler, which needs no account for this, checks paths and settings. Starts are not measured here: how
  // long they take depends on the machine, not on the configuration.
  it('are accepted by wrangler', { timeout: 180_000 }, async () => {
    await expect(deploy({ dryRun: true, configs: folder, start: async () => 1 })).resolves.toBeUndefined()
  })

  it.each(['', 'twelve', '0', '-1', '1.5', undefined])(
    'are not written for an invalid pull request number, %j',
    (argument) => {
      expect(() => readPreview(argument, { WORKERS_SUBDOMAIN: 'example' })).toThrow('number')
    },
  )
})

describe('removing a preview', () => {
  it('removes everything of it, and nothing else', async () => {
    const stripe = await startStripeEndpoints()
    const client = connectStripe('sk_test_1', stripe.url)
    const configs = inDeployOrder(readConfigs(folder))
    const account = { ...emptyAccount(), queues: ['queue-of-another-project', ...queuesOf(configs)] }
    for (const { name } of [...readConfigs(), ...configs]) deployed(account, name)
    for (const url of ['https://shop.test', URL_12]) await createWebhook(client, url)
    await removePreview(configs, { url: URL_12, run: inProcess(account), stripe: client })
    expect(Object.keys(account.workers).sort()).toEqual(
      readConfigs()
        .map(({ name }) => name)
        .sort(),
    )
    expect(account.queues).toEqual(['queue-of-another-project'])
    expect(stripe.endpoints.map(({ url }) => url)).toEqual(['https://shop.test/api/webhooks/stripe'])
    const deleted = account.calls.filter(({ args }) => args[0] === 'delete').map(({ args }) => args[2])
    expect(deleted).toEqual(configs.map(({ path }) => path).toReversed())
    await expect(
      removePreview(configs, { url: URL_12, run: inProcess(account), stripe: client }),
    ).resolves.toBeUndefined()
    await stripe.stop()
  })

  it('refuses to remove production', async () => {
    const account = emptyAccount()
    for (const { name } of readConfigs()) deployed(account, name)
    const options = { url: URL_12, run: inProcess(account), stripe: connectStripe('sk_test_1', undefined) }
    await expect(removePreview(readConfigs(), options)).rejects.toThrow('not part of a preview')
    expect(account.calls).toEqual([])
  })

  it('fails when Cloudflare cannot remove it', async () => {
    const configs = inDeployOrder(readConfigs(folder))
    const account = { ...emptyAccount(), failing: ['delete'] }
    const options = { url: URL_12, run: inProcess(account), stripe: connectStripe('sk_test_1', undefined) }
    await expect(removePreview(configs, options)).rejects.toThrow('out of reach')
  })
})

describe('the database of a preview', () => {
  type Branch = { id: string; name: string; current_state: string }
  let server: Server
  let branches: Branch[]
  let requests: string[]
  let project: NeonProject

  /** The branches part of Neon's API; a new branch is ready when it is read for the second time. */
  function answer(method: string, url: URL): unknown {
    const path = url.pathname.replace('/api/v2/projects/preview-project', '')
    requests.push(`${method} ${path}`)
    const [, , id = '', part] = path.split('/')
    const branch = branches.find((one) => one.id === id)
    if (path === '/connection_uri') {
      const { branch_id, role_name, database_name, pooled } = Object.fromEntries(url.searchParams)
      return {
        uri: `postgresql://${role_name}:pw@${branch_id}${pooled === 'true' ? '-pooler' : ''}.neon.tech/${database_name}`,
      }
    }
    if (method === 'POST') {
      const made = { id: `br-${branches.length}`, name: 'pr-12', current_state: 'init' }
      branches.push(made)
      return { branch: made }
    }
    if (part === 'databases') return { databases: [{ name: 'shop', owner_name: 'shop_owner' }] }
    if (branch === undefined)
      return { branches: branches.filter(({ name }) => name.includes(url.searchParams.get('search') ?? '')) }
    if (method === 'DELETE') branches = branches.filter((one) => one !== branch)
    const shown = { ...branch }
    branch.current_state = 'ready'
    return { branch: shown }
  }

  beforeEach(async () => {
    branches = [{ id: 'br-main', name: 'main', current_state: 'ready' }]
    requests = []
    server = createServer((request, response) => {
      const allowed = request.headers.authorization === 'Bearer neon-key'
      const body = allowed ? answer(request.method ?? '', new URL(request.url ?? '', 'http://neon')) : { message: 'no' }
      response.writeHead(allowed ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v2/`
    project = { id: 'preview-project', apiKey: 'neon-key', api, pauseMs: 1 }
  })
  afterEach(() => new Promise((resolve) => server.close(resolve)))

  it('is a separate branch, with a direct URL once it is ready', async () => {
    expect(await openBranch(project, 'pr-12')).toBe('postgresql://shop_owner:pw@br-1.neon.tech/shop')
    expect(requests.filter((request) => request === 'GET /branches/br-1')).toHaveLength(2)
  })

  it('stays the same while the pull request is open', async () => {
    await openBranch(project, 'pr-12')
    await openBranch(project, 'pr-12')
    expect(branches.map(({ name }) => name)).toEqual(['main', 'pr-12'])
  })

  it('is not confused with that of a pull request whose number starts the same', async () => {
    branches.push({ id: 'br-120', name: 'pr-120', current_state: 'ready' })
    await removeBranch(project, 'pr-12')
    expect(branches.map(({ name }) => name)).toEqual(['main', 'pr-120'])
  })

  it('is removed with the pull request, also twice', async () => {
    await openBranch(project, 'pr-12')
    await removeBranch(project, 'pr-12')
    await removeBranch(project, 'pr-12')
    expect(branches.map(({ name }) => name)).toEqual(['main'])
  })

  it('fails with Neon’s status', async () => {
    await expect(openBranch({ ...project, apiKey: 'wrong' }, 'pr-12')).rejects.toThrow('Neon answered 401')
  })
})
