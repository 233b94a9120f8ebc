import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { inDeployOrder, readConfigs } from '../deploy/configs.ts'
import { deployed, emptyAccount, type FakeAccount, inProcess } from '../deploy/testing/fake-account.ts'
import { rotate } from './rotate.ts'

const CONFIGS = inDeployOrder(readConfigs())
const OWNER = 'postgresql://owner:owner-password@ep-cool-1.neon.tech/shop'
const OLD_KEYS = [
  { kid: 'now', x: 'public-now', kty: 'OKP', crv: 'Ed25519' },
  { kid: 'earlier', x: 'public-earlier', kty: 'OKP', crv: 'Ed25519' },
]

let account: FakeAccount
let server: Server
let passwords: Record<string, string>
beforeEach(async () => {
  account = emptyAccount()
  passwords = {}
  for (const { name } of CONFIGS) deployed(account, name)
  vi.spyOn(console, 'log').mockReturnValue()
  server = createServer((request, response) => {
    const known = request.url === '/.well-known/jwks.json'
    response
      .writeHead(known ? 200 : 404, { 'content-type': 'application/json' })
      .end(JSON.stringify({ keys: OLD_KEYS }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  vi.restoreAllMocks()
  await new Promise((resolve) => server.close(resolve))
})

const rotateSecret = (name: string, env: NodeJS.ProcessEnv = {}) =>
  rotate(name, {
    configs: CONFIGS,
    env,
    run: inProcess(account),
    migrate: async (_ownerUrl, urls) => {
      for (const url of Object.values(urls)) passwords[new URL(url).username] = new URL(url).password
    },
  })

describe('a rotation', () => {
  it('of the signing key keeps the current one published, and no older one', async () => {
    await rotateSecret('TOKEN_SIGNING_KEYS', { SHOP_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
    const keys = JSON.parse(account.workers['shop-users']?.secrets.TOKEN_SIGNING_KEYS ?? '') as Record<string, string>[]
    expect(keys).toEqual([expect.objectContaining({ kid: expect.any(String), d: expect.any(String) }), OLD_KEYS[0]])
  })

  it('of a database URL gives that service’s role a new password, and no other role', async () => {
    await rotateSecret('ORDERS_DATABASE_URL', { MIGRATION_DATABASE_URL: OWNER })
    const { password } = new URL(account.workers['shop-orders']?.secrets.ORDERS_DATABASE_URL ?? '')
    expect(passwords).toEqual({ orders_service: password })
  })

  it('of the secret of order tokens generates a random one', async () => {
    await rotateSecret('ORDER_TOKEN_SECRET')
    const first = account.workers['shop-orders']?.secrets.ORDER_TOKEN_SECRET
    await rotateSecret('ORDER_TOKEN_SECRET')
    const second = account.workers['shop-orders']?.secrets.ORDER_TOKEN_SECRET
    for (const secret of [first, second]) expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(second).not.toBe(first)
  })

  it('refuses to replace the secret of authenticator apps at once', async () => {
    await expect(rotateSecret('FACTOR_SECRET')).rejects.toThrow('FACTOR_SECRET_NEXT')
    expect(account.calls).toEqual([])
  })

  it('reads an external secret from the environment', async () => {
    await rotateSecret('STRIPE_WEBHOOK_SECRET', { STRIPE_WEBHOOK_SECRET: 'whsec_new' })
    expect(account.workers['shop-payments']?.secrets).toEqual({ STRIPE_WEBHOOK_SECRET: 'whsec_new' })
  })

  it.each(['STRIPE_WEBHOOK_SECRET', 'STRIPE_SECRET_KEY'])('explains how to get a new %s', async (name) => {
    await expect(rotateSecret(name)).rejects.toThrow('environment')
    expect(account.calls).toEqual([])
  })

  it('refuses a secret that no worker requires', async () => {
    await expect(rotateSecret('SIGNING_KEY')).rejects.toThrow('No worker requires SIGNING_KEY')
  })
})
