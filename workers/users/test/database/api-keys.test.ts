import { newId } from '@shop/http/ids'
import { apiKeyKind } from '@shop/kernel/api-key'
import { sha256Hex } from '@shop/kernel/hash'
import type { UserId } from '@shop/kernel/ids'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AccountRepository, accountRepository } from '../../src/accounts/repository/index.ts'
import { callerOfKey } from '../../src/api-keys/caller-of-key.ts'
import { createApiKey } from '../../src/api-keys/create-api-key.ts'
import type { ApiKey } from '../../src/api-keys/domain/api-key.ts'
import { createKeyTexts } from '../../src/api-keys/internal/key-texts.ts'
import { type ApiKeyRepository, apiKeyRepository } from '../../src/api-keys/repository.ts'
import { scopesOfKeys } from '../../src/api-keys/scopes-of-keys.ts'
import { creationKeyRepository } from '../../src/idempotency/repository.ts'
import { type RoleRepository, roleRepository } from '../../src/staff/repository/roles.ts'
import { IN_A_MONTH, NOW, newUser, unique } from '../support/people.ts'

let database: ServiceDatabase
let accounts: AccountRepository
let apiKeys: ApiKeyRepository
let roles: RoleRepository
let admin: UserId

beforeAll(async () => {
  database = await startDatabase()
  accounts = accountRepository(database.as('users'))
  apiKeys = apiKeyRepository(database.as('users'))
  roles = roleRepository(database.as('users'))
  admin = await anAccount('admin')
  await anAccount('admin')
})
afterAll(() => database.stop())

async function anAccount(role: 'admin' | 'support'): Promise<UserId> {
  const user = newUser()
  await accounts.insertIfAbsent({ ...user, role })
  return user.id
}

async function aKey(over: Partial<ApiKey> = {}) {
  const key: ApiKey = {
    ...{ id: `key_${unique()}`, kind: 'secret', name: 'Warehouse', hint: 'shop_sk_abcd' },
    ...{ scopes: ['orders:read', 'orders:fulfill'], createdBy: admin, createdAt: NOW },
    ...{ expiresAt: null, lastUsedAt: null, revokedAt: null },
    ...over,
  }
  const hash = unique()
  await apiKeys.insert(key, hash)
  return { key, hash }
}

const minutesLater = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000)
const at = (now: Date) => ({ apiKeys, now: () => now })
const found = async (id: string) => (await apiKeys.list({ before: undefined, limit: 100 })).find((key) => key.id === id)

describe('an API key', () => {
  it('stands for a caller with its scopes, in one round trip', async () => {
    const { key, hash } = await aKey()
    database.resetCounts()
    const caller = { kind: 'key', keyId: key.id, scopes: ['orders:read', 'orders:fulfill'] }
    expect(await callerOfKey(at(NOW), hash)).toEqual({ ok: true, value: caller })
    expect(database.counts().roundTrips).toBe(1)
  })

  it('that is publishable stands for a guest', async () => {
    const { key, hash } = await aKey({ kind: 'publishable', scopes: [] })
    const guest = { kind: 'anonymous', storefrontKeyId: key.id }
    expect(await callerOfKey(at(NOW), hash)).toEqual({ ok: true, value: guest })
  })

  it('is nobody when unknown, expired or revoked', async () => {
    const NOBODY = { ok: true, value: undefined }
    expect(await callerOfKey(at(NOW), unique())).toEqual(NOBODY)
    const expiring = await aKey({ expiresAt: IN_A_MONTH })
    expect(await callerOfKey(at(new Date(IN_A_MONTH.getTime() - 1)), expiring.hash)).toMatchObject({
      value: { kind: 'key' },
    })
    expect(await callerOfKey(at(IN_A_MONTH), expiring.hash)).toEqual(NOBODY)
    const revoked = await aKey()
    expect(await apiKeys.revoke(revoked.key.id, NOW)).toEqual({ ...revoked.key, revokedAt: NOW })
    expect(await callerOfKey(at(NOW), revoked.hash)).toEqual(NOBODY)
    expect(await apiKeys.revoke(revoked.key.id, IN_A_MONTH)).toEqual({ ...revoked.key, revokedAt: NOW })
  })

  it('loses what its maker loses, at once', async () => {
    const maker = await anAccount('admin')
    const { key, hash } = await aKey({ createdBy: maker })
    await roles.change(maker, { from: 'admin', to: 'support' }, NOW)
    const caller = { kind: 'key', keyId: key.id, scopes: ['orders:read'] }
    expect(await callerOfKey(at(NOW), hash)).toEqual({ ok: true, value: caller })
    await roles.change(maker, { from: 'support', to: 'customer' }, NOW)
    expect(await callerOfKey(at(NOW), hash)).toEqual({ ok: true, value: { ...caller, scopes: [] } })
  })

  it('records its use once an hour', async () => {
    const { key, hash } = await aKey()
    await Promise.all([apiKeys.use(hash, NOW), apiKeys.use(hash, NOW)])
    expect((await found(key.id))?.lastUsedAt).toEqual(NOW)
    await apiKeys.use(hash, minutesLater(59))
    expect((await found(key.id))?.lastUsedAt).toEqual(NOW)
    await apiKeys.use(hash, minutesLater(61))
    expect((await found(key.id))?.lastUsedAt).toEqual(minutesLater(61))
  })

  it('is listed without its hash', async () => {
    const { hash } = await aKey()
    const listed = await apiKeys.list({ before: undefined, limit: 100 })
    expect(JSON.stringify(listed)).not.toContain(hash)
  })
})

describe('a request for an API key with an idempotency key', () => {
  const REQUEST = { kind: 'secret', name: 'Warehouse', scopes: ['orders:read'], expiresAt: null } as const
  const proof = { amr: ['pwd'] as const, authTime: NOW.getTime() / 1_000 }
  const make = (idempotencyKey: string, { name = 'Warehouse', signingKeys = ['a signing key'] } = {}) => {
    const randomBytes = (length: number) => crypto.getRandomValues(new Uint8Array(length))
    const deps = {
      ...{ apiKeys, creationKeys: creationKeyRepository(database.as('users')), now: () => NOW },
      ...{ keyTexts: createKeyTexts({ secrets: () => signingKeys, randomBytes }), newApiKeyId: () => newId('apiKey') },
    }
    const request = { ...REQUEST, name, scopes: [...REQUEST.scopes] }
    return createApiKey(deps, { kind: 'user', userId: admin, role: 'admin', proof }, request, idempotencyKey)
  }
  const keyIn = (made: Awaited<ReturnType<typeof make>>) => (made.ok ? made.value.value.key : made.failure.code)

  it('makes one key, however often it is sent, and is answered with it each time', async () => {
    const idempotencyKey = unique()
    const made = await Promise.all(Array.from({ length: 8 }, () => make(idempotencyKey)))
    const [key = ''] = made.map(keyIn)
    expect(new Set(made.map(keyIn))).toEqual(new Set([key]))
    expect(apiKeyKind(key)).toBe('secret')
    expect(made.filter((one) => one.ok && !one.value.replayed)).toHaveLength(1)
    expect(await callerOfKey(at(NOW), await sha256Hex(key))).toMatchObject({ value: { kind: 'key' } })
    const stored = await database.as('users').execute(sql`
      select to_jsonb(k) from users.idempotency_keys k union all select to_jsonb(k) from users.api_keys k`)
    expect(JSON.stringify(stored.rows)).not.toContain(key.slice(12))
  })

  it('makes another key with another idempotency key', async () => {
    expect(keyIn(await make(unique()))).not.toBe(keyIn(await make(unique())))
  })

  it('is refused when the same idempotency key came with another request', async () => {
    const idempotencyKey = unique()
    await make(idempotencyKey)
    expect(keyIn(await make(idempotencyKey, { name: 'Another' }))).toBe('idempotency_key_reused')
  })

  it('is answered with the same key while the signing key of that time is known, and not after it', async () => {
    const idempotencyKey = unique()
    const key = keyIn(await make(idempotencyKey))
    expect(keyIn(await make(idempotencyKey, { signingKeys: ['the next one', 'a signing key'] }))).toBe(key)
    expect(keyIn(await make(idempotencyKey, { signingKeys: ['the next one'] }))).toBe('created_and_deleted')
  })
})

describe('what keys may do now', () => {
  const scopesNow = async (...keyIds: string[]) => {
    const known = await scopesOfKeys(at(NOW), { keyIds })
    return known.ok && known.value
  }

  it('leaves out keys that are unknown, revoked, expired or publishable', async () => {
    const { key } = await aKey()
    const others = await Promise.all([
      aKey({ revokedAt: NOW }),
      aKey({ expiresAt: NOW }),
      aKey({ kind: 'publishable', scopes: [] }),
    ])
    const ids = [key.id, ...others.map((other) => other.key.id), newId('apiKey')]
    expect(await scopesNow(...ids)).toEqual([{ keyId: key.id, scopes: ['orders:read', 'orders:fulfill'] }])
    expect(await found(key.id)).toMatchObject({ lastUsedAt: null })
  })

  it('is at most what the account that made the key may do', async () => {
    const support = await anAccount('support')
    const { key } = await aKey({ createdBy: support, scopes: ['orders:read', 'orders:fulfill'] })
    expect(await scopesNow(key.id)).toEqual([{ keyId: key.id, scopes: ['orders:read'] }])
  })
})
