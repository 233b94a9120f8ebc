import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { inDeployOrder, readConfigs } from '../deploy/configs.ts'
import { deployed, emptyAccount, type FakeAccount, inProcess } from '../deploy/testing/fake-account.ts'
import { rotate } from './rotate.ts'

const CONFIGS = inDeployOrder(readConfigs())
const OWNER = 'postgresql://owner:owner-password@ep-cool-1.neon.tech/shop'
const NOW = new Date('2026-11-23T10:00:00.000Z')
/** The shop's published keys, the one that signs first. */
let published: object[]

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
      .end(JSON.stringify({ keys: published }))
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
    now: NOW,
    run: inProcess(account),
    migrate: async (_ownerUrl, urls) => {
      for (const url of Object.values(urls)) passwords[new URL(url).username] = new URL(url).password
    },
  })

async function rotateSigningKey(signing: string): Promise<void> {
  published = [signing, 'other'].map((kid) => ({ kid, x: `public-${kid}`, kty: 'OKP', crv: 'Ed25519' }))
  await rotateSecret('TOKEN_SIGNING_KEYS', { SHOP_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
}

describe('a rotation', () => {
  it('of the signing key stores one beside the current one, which signs only once it has been published for six minutes', async () => {
    await rotateSigningKey('now')
    const keys = JSON.parse(account.workers['shop-users']?.secrets.TOKEN_SIGNING_KEYS_NEXT ?? '')
    const activates_at = '2026-11-23T10:06:00.000Z'
    expect(keys).toEqual([expect.objectContaining({ kid: expect.stringMatching(/^next-/), activates_at })])
    expect(keys[0].d).toEqual(expect.any(String))
    expect(account.workers['shop-users']?.secrets.TOKEN_SIGNING_KEYS).toBeUndefined()
  })

  it('of the signing key after that replaces the one that no longer signs', async () => {
    await rotateSigningKey('next-now')
    const secrets: Record<string, string> = account.workers['shop-users']?.secrets ?? {}
    expect(Object.keys(secrets)).toEqual(['TOKEN_SIGNING_KEYS'])
    expect(JSON.parse(secrets.TOKEN_SIGNING_KEYS ?? '')[0].kid).not.toMatch(/^next-/)
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

  it.each(['FACTOR_SECRET', 'WEBHOOK_SEALING_SECRET'])(
    'refuses to replace %s at once, which decrypts what is stored',
    async (name) => {
      await expect(rotateSecret(name)).rejects.toThrow(`${name}_NEXT`)
      expect(account.calls).toEqual([])
    },
  )

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
