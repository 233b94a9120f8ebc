import { apiKeyKind } from '@shop/kernel/api-key'
import { ANONYMOUS } from '@shop/kernel/caller'
import { sha256Hex } from '@shop/kernel/hash'
import { fail, ok } from '@shop/kernel/result'
import { describe, expect, it } from 'vitest'
import { createApiKey } from '../../src/api-keys/create-api-key.ts'
import { callerOf } from '../../src/api-keys/domain/api-key.ts'
import { createKeyTexts } from '../../src/api-keys/internal/key-texts.ts'
import { NOW } from '../support/people.ts'
import { ADMIN, callerWith, KEY } from '../support/staff.ts'

const REQUEST = { kind: 'secret', name: 'Warehouse', scopes: ['orders:read'], expiresAt: null } as const

function shop() {
  const saved: unknown[][] = []
  const deps = {
    apiKeys: {
      insert: async (...row: unknown[]) => {
        saved.push(row)
        return ok()
      },
    },
    newApiKeyId: () => 'key_1' as const,
    creationKeys: { find: async () => undefined },
    keyTexts: createKeyTexts({ secrets: () => [], randomBytes: (length) => new Uint8Array(length).fill(3) }),
    now: () => NOW,
  }
  // Only these members are used.
  return { deps: deps as unknown as Parameters<typeof createApiKey>[0], saved }
}

describe('createApiKey', () => {
  it('returns the key once, and saves its hash and how it begins', async () => {
    const { deps, saved } = shop()
    const scopes = ['orders:read', 'orders:read', 'orders:fulfill'] as const
    const created = await createApiKey(deps, ADMIN, { ...REQUEST, scopes: [...scopes] })
    if (!created.ok) throw new Error(created.failure.code)
    const { apiKey, key } = created.value.value
    expect(apiKeyKind(key)).toBe('secret')
    expect(apiKey).toMatchObject({
      hint: key.slice(0, 12),
      scopes: ['orders:read', 'orders:fulfill'],
      createdBy: 'user_admin',
    })
    expect(saved).toEqual([[apiKey, await sha256Hex(key), undefined]])
    expect(JSON.stringify(saved)).not.toContain(key.slice(12))
  })

  it.each([callerWith('support'), callerWith('customer'), KEY])('is refused to %j', async (caller) => {
    const { deps, saved } = shop()
    const refused = await createApiKey(deps, caller, { ...REQUEST, scopes: ['orders:read'] })
    expect([refused, saved]).toMatchObject([fail({ code: 'forbidden' }), []])
  })

  it('asks an anonymous caller to sign in', async () => {
    const refused = await createApiKey(shop().deps, ANONYMOUS, { ...REQUEST, scopes: [] })
    expect(refused).toEqual(fail({ code: 'authentication_required' }))
  })
})

describe('an API key stands for', () => {
  const key = { id: 'key_1', kind: 'secret', scopes: ['orders:read', 'orders:refund'] } as const

  it('a caller with its scopes, as far as its maker has them now', () => {
    const standsFor = (role: Parameters<typeof callerOf>[1]) => callerOf({ ...key, scopes: [...key.scopes] }, role)
    expect(standsFor('admin')).toEqual({ kind: 'key', keyId: 'key_1', scopes: ['orders:read', 'orders:refund'] })
    expect(standsFor('support')).toEqual({ kind: 'key', keyId: 'key_1', scopes: ['orders:read'] })
    expect(standsFor('customer')).toEqual({ kind: 'key', keyId: 'key_1', scopes: [] })
  })

  it('a guest, if it is publishable', () => {
    const caller = callerOf({ ...key, kind: 'publishable', scopes: [] }, 'admin')
    expect(caller).toEqual({ kind: 'anonymous', storefrontKeyId: 'key_1' })
  })
})
