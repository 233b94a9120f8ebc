import { PassThrough } from 'node:stream'
import { WEBHOOK_EVENTS } from '@shop/contracts/payments/webhook-events'
import { STORED_SERVICES } from '@shop/services'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { inDeployOrder, queuesOf, readConfigs } from '../deploy/configs.ts'
import { emptyAccount, type FakeAccount, inProcess } from '../deploy/testing/fake-account.ts'
import { runWithFake } from '../deploy/testing/run-with-fake.ts'
import type { Wrangler } from '../deploy/wrangler.ts'
import { askHidden } from './ask.ts'
import { type SetUpOptions, setUp } from './set-up.ts'
import { connectStripe } from './stripe-webhook.ts'
import { type StripeEndpoints, startStripeEndpoints } from './testing/stripe-endpoints.ts'

const CONFIGS = inDeployOrder(readConfigs())
const REQUIRED = CONFIGS.flatMap(({ name, secrets }) => secrets.required.map((secret) => `${name} ${secret}`))
const OWNER = 'postgresql://owner:owner-password@ep-cool-1.eu-central-1.aws.neon.tech/shop?sslmode=require'
const ENV = { MIGRATION_DATABASE_URL: OWNER, STRIPE_SECRET_KEY: 'sk_test_1', SHOP_URL: 'https://shop.test' }
const READS = /^(whoami|queues info|secret list)/

let stripe: StripeEndpoints
/** The passwords that the roles have. */
let passwords: Record<string, string>
let migrations: number
let output: string

beforeEach(async () => {
  stripe = await startStripeEndpoints()
  passwords = {}
  migrations = 0
  output = ''
  vi.spyOn(console, 'log').mockImplementation((line) => {
    output += `${line}\n`
  })
})
afterEach(async () => {
  vi.restoreAllMocks()
  await stripe.stop()
})

const prepare = (account: FakeAccount, options: Partial<SetUpOptions> = {}) =>
  setUp({
    configs: CONFIGS,
    dryRun: false,
    env: ENV,
    run: inProcess(account),
    migrate: async (_ownerUrl, serviceUrls) => {
      migrations += 1
      for (const url of Object.values(serviceUrls)) passwords[new URL(url).username] = new URL(url).password
    },
    connectStripe: (secretKey) => connectStripe(secretKey, stripe.url),
    ...options,
  })

const stored = ({ workers }: FakeAccount) =>
  Object.entries(workers).flatMap(([name, { secrets }]) => Object.keys(secrets).map((secret) => `${name} ${secret}`))
const secretOf = (account: FakeAccount, worker: string, name: string) => account.workers[worker]?.secrets[name] ?? ''
const writes = ({ calls }: FakeAccount) => calls.filter(({ args }) => !READS.test(args.join(' ')))

/** Everything exists once, and each secret is valid. */
function expectComplete(account: FakeAccount): void {
  expect(account.queues).toEqual(queuesOf(CONFIGS))
  expect(stored(account).sort()).toEqual(REQUIRED.toSorted())
  for (const { worker, database } of STORED_SERVICES) {
    const url = new URL(secretOf(account, worker, database.urlVariable))
    expect(url.password).toBe(passwords[database.role])
    expect(`${url.username} ${url.host}${url.pathname}${url.search}`).toBe(
      `${database.role} ep-cool-1-pooler.eu-central-1.aws.neon.tech/shop?sslmode=require`,
    )
  }
  expect(stripe.endpoints).toHaveLength(1)
  const [endpoint] = stripe.endpoints
  expect(secretOf(account, 'shop-payments', 'STRIPE_WEBHOOK_SECRET')).toBe(stripe.secrets[endpoint?.id ?? ''])
}

describe('a dry run', () => {
  it('prints what an empty account needs, even when not signed in', async () => {
    const account = { ...emptyAccount(), loggedIn: false }
    await prepare(account, { dryRun: true, env: {} })
    for (const queue of queuesOf(CONFIGS)) expect(output).toContain(`create the queue ${queue}`)
    for (const { name, secrets } of CONFIGS) {
      for (const secret of secrets.required) expect(output).toContain(`store ${secret} in ${name}`)
    }
    expect(output).toContain('the Durable Objects StockObject of shop-catalog')
    expect(account.calls.map(({ args }) => args)).toEqual([['whoami', '--json']])
  })

  it('prints what is missing, and changes nothing', async () => {
    const account = { ...emptyAccount(), queues: queuesOf(CONFIGS) }
    await prepare(account, { dryRun: true })
    expect(output).not.toContain('create the queue')
    expect(output).toContain('store TOKEN_SIGNING_KEYS')
    expect(writes(account)).toEqual([])
  })
})

describe('setting up', () => {
  it('creates everything in an empty account', async () => {
    const account = emptyAccount()
    await prepare(account)
    expectComplete(account)
    expect(stripe.endpoints[0]).toMatchObject({
      url: 'https://shop.test/api/webhooks/stripe',
      enabled_events: WEBHOOK_EVENTS,
    })
    const [key] = JSON.parse(secretOf(account, 'shop-users', 'TOKEN_SIGNING_KEYS')) as Record<string, string>[]
    expect(key).toMatchObject({ kty: 'OKP', crv: 'Ed25519', d: expect.any(String), kid: expect.any(String) })
  })

  it('recommends that orders need an address and a shipping option, until they do', async () => {
    await prepare(emptyAccount(), { dryRun: true })
    expect(output).toContain('Recommended: CHECKOUT_REQUIRES = "address,shipping" in workers/orders/wrangler.toml')
    output = ''
    const configs = CONFIGS.map((config) => ({
      ...config,
      vars: { ...config.vars, CHECKOUT_REQUIRES: 'address,shipping' },
    }))
    await prepare(emptyAccount(), { dryRun: true, configs })
    expect(output).not.toContain('Recommended')
  })

  it('stores the secrets of Resend in a shop that sends mails by it', async () => {
    const account = emptyAccount()
    const configs = CONFIGS.map((config) =>
      'MAIL_DRIVER' in config.vars ? { ...config, vars: { ...config.vars, MAIL_DRIVER: 'resend' } } : config,
    )
    await prepare(account, { configs, env: { ...ENV, RESEND_API_KEY: 're_1', RESEND_WEBHOOK_SECRET: 'whsec_1' } })
    const secrets = account.workers['shop-notifications']?.secrets
    expect(secrets).toMatchObject({ RESEND_API_KEY: 're_1', RESEND_WEBHOOK_SECRET: 'whsec_1' })
    expect(secrets?.MAIL_ADDRESS_SECRET).toMatch(/^[\w-]{43}$/)
  })

  it('changes nothing the second time', async () => {
    const account = emptyAccount()
    await prepare(account)
    const before = structuredClone(account.workers)
    account.calls = []
    await prepare(account, { env: {} })
    expect(output).toContain('Nothing is missing.')
    expect(writes(account)).toEqual([])
    expect(account.workers).toEqual(before)
    expect(migrations).toBe(1)
    expectComplete(account)
  })

  it('keeps secrets off command lines and out of what it prints', async () => {
    const account = emptyAccount()
    await prepare(account, { env: { ...ENV, UPSTASH_REDIS_REST_TOKEN: 'redis-token' } })
    const secrets = Object.values(account.workers).flatMap((worker) => Object.values(worker.secrets))
    expect(secrets).toContain('redis-token')
    const visible = output + JSON.stringify(account.calls.map(({ args }) => args))
    for (const secret of [...secrets, ...Object.values(passwords)]) expect(visible).not.toContain(secret)
  })

  it('uses a secret from the environment instead of generating it', async () => {
    const account = emptyAccount()
    const given = { TOKEN_SIGNING_KEYS: '[{"kid":"mine"}]', STRIPE_WEBHOOK_SECRET: 'whsec_mine' }
    await prepare(account, { env: { ...ENV, ...given } })
    expect(secretOf(account, 'shop-users', 'TOKEN_SIGNING_KEYS')).toBe(given.TOKEN_SIGNING_KEYS)
    expect(secretOf(account, 'shop-payments', 'STRIPE_WEBHOOK_SECRET')).toBe('whsec_mine')
    expect(stripe.endpoints).toEqual([])
  })

  it('reads the URL of the shop from the routes of the gateway', async () => {
    const { SHOP_URL: _, ...env } = ENV
    const configs = CONFIGS.map((config) =>
      config.name === 'shop-gateway' ? { ...config, routes: [{ pattern: 'shop.test' }] } : config,
    )
    await prepare(emptyAccount(), { env, configs })
    expect(stripe.endpoints.map(({ url }) => url)).toEqual(['https://shop.test/api/webhooks/stripe'])
  })

  it('asks for what the environment does not have', async () => {
    const account = emptyAccount()
    const asked: string[] = []
    const ask = async (question: string) => {
      asked.push(question.split(' ')[0] ?? '')
      return ENV[question.split(' ')[0] as keyof typeof ENV]
    }
    await prepare(account, { env: {}, ask })
    expect(asked.sort()).toEqual(Object.keys(ENV).sort())
    expectComplete(account)
  })

  it('changes nothing before it has all inputs', async () => {
    const account = emptyAccount()
    const refused = prepare(account, { env: { SHOP_URL: ENV.SHOP_URL } })
    await expect(refused).rejects.toThrow(/MIGRATION_DATABASE_URL.*\n.*STRIPE_SECRET_KEY/)
    expect(writes(account)).toEqual([])
    expect(migrations).toBe(0)
  })
})

describe('an interrupted run', () => {
  /** A wrangler that stops the run at one of its writing calls, before or after Cloudflare has executed it. */
  const interruptedAt = (account: FakeAccount, at: number, when: 'before' | 'after'): Wrangler => {
    const run = inProcess(account)
    let count = 0
    return async (args, input) => {
      if (READS.test(args.join(' '))) return run(args, input)
      count += 1
      if (count === at && when === 'after') await run(args, input)
      if (count === at) throw new Error('interrupted')
      return run(args, input)
    }
  }

  const WRITES = queuesOf(CONFIGS).length + REQUIRED.length
  const moments = Array.from({ length: WRITES }, (_, at) => at + 1)

  it.each(['before', 'after'] as const)(
    'is completed by the next run, wherever it stopped (%s a write)',
    async (when) => {
      for (const at of moments) {
        const account = emptyAccount()
        await stripe.stop()
        stripe = await startStripeEndpoints()
        await expect(prepare(account, { run: interruptedAt(account, at, when) })).rejects.toThrow('interrupted')
        await prepare(account)
        expectComplete(account)
      }
    },
  )

  it('replaces the webhook endpoint whose secret was lost, and no other', async () => {
    const account = emptyAccount()
    const others = ['https://a.test/hook', 'https://b.test/hook', 'https://c.test/hook']
    const client = connectStripe('sk_test_1', stripe.url)
    for (const url of others) await client.webhookEndpoints.create({ url, enabled_events: ['*'] })
    await expect(prepare(account, { run: interruptedAt(account, WRITES, 'before') })).rejects.toThrow('interrupted')
    expect(stripe.endpoints).toHaveLength(4)
    await prepare(account)
    expect(stripe.endpoints.map(({ url }) => url)).toEqual([...others, 'https://shop.test/api/webhooks/stripe'])
  })

  it('does not replace a webhook endpoint that it did not create, and says what to do', async () => {
    const client = connectStripe('sk_test_1', stripe.url)
    await client.webhookEndpoints.create({ url: 'https://shop.test/api/webhooks/stripe', enabled_events: ['*'] })
    await expect(prepare(emptyAccount())).rejects.toThrow('STRIPE_WEBHOOK_SECRET')
    expect(stripe.endpoints).toHaveLength(1)
  })
})

describe('the account', () => {
  it('must be signed in', async () => {
    await expect(prepare({ ...emptyAccount(), loggedIn: false })).rejects.toThrow('wrangler login')
  })

  it('must be named when there are several', async () => {
    const accounts = [
      { id: 'a1', name: 'Shop' },
      { id: 'a2', name: 'Other' },
    ]
    await expect(prepare({ ...emptyAccount(), accounts })).rejects.toThrow('CLOUDFLARE_ACCOUNT_ID')
    await prepare({ ...emptyAccount(), accounts }, { env: { ...ENV, CLOUDFLARE_ACCOUNT_ID: 'a2' } })
    expect(output).toContain('Account: Other')
  })

  it('is not treated as empty when it cannot be read', async () => {
    const account = { ...emptyAccount(), failing: ['secret list'] }
    await expect(prepare(account)).rejects.toThrow('out of reach')
    expect(writes(account)).toEqual([])
  })
})

it('does not show what is typed', async () => {
  const input = new PassThrough()
  const terminal = new PassThrough()
  const answer = askHidden('STRIPE_SECRET_KEY', { input, output: terminal })
  input.write('sk_test_typed\r')
  expect(await answer).toBe('sk_test_typed')
  expect(String(terminal.read())).toBe('STRIPE_SECRET_KEY: \n')
})

it('works from the command line, twice', { timeout: 60_000 }, async () => {
  const env = Object.fromEntries(REQUIRED.map((line) => [line.split(' ')[1] ?? '', `secret-of-${line.split(' ')[1]}`]))
  const first = await runWithFake(['scripts/setup-cloudflare/main.ts'], emptyAccount(), env)
  expect(first.code, first.output).toBe(0)
  expect(stored(first.account).sort()).toEqual(REQUIRED.toSorted())
  const second = await runWithFake(['scripts/setup-cloudflare/main.ts'], { ...first.account, calls: [] })
  expect(second.code, second.output).toBe(0)
  expect(writes(second.account)).toEqual([])
  expect(first.output + second.output).not.toContain('secret-of-')
})
