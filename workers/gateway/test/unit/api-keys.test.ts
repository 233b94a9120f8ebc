import { newApiKey } from '@shop/kernel/api-key'
import type { Caller } from '@shop/kernel/caller'
import { sha256Hex } from '@shop/kernel/hash'
import { fail, ok } from '@shop/kernel/result'
import { describe, expect, it } from 'vitest'
import { createApiKeyStore } from '../../src/access/internal/api-key-store.ts'
import { fakeShop, problemOf, usersRpc } from './fake-shop.ts'

const KEY = newApiKey('secret', new Uint8Array(24).fill(7))
const CALLER: Caller = { kind: 'key', keyId: 'key_1', scopes: ['orders:read'] }
const NOW = Date.parse('2026-11-23T10:00:00.000Z')

/** Users that knows the key until it is revoked. */
function users() {
  const asked: string[] = []
  const state: { knows: Caller | undefined; isDown: boolean } = { knows: CALLER, isDown: false }
  const rpc = usersRpc({
    callerOfKey: async (hash) => {
      asked.push(hash)
      return state.isDown ? fail({ code: 'service_unavailable' }) : ok(state.knows)
    },
  })
  return { rpc, asked, state }
}

const store = (rpc: ReturnType<typeof usersRpc>, clock = { now: NOW }) =>
  createApiKeyStore({ users: rpc, now: () => clock.now })

describe('an API key', () => {
  it('is asked for by its hash, and forwarded as the caller it stands for', async () => {
    const { rpc, asked } = users()
    const { ask, arrived } = fakeShop({ users: rpc })
    const response = await ask('/api/orders', { headers: { authorization: `Bearer ${KEY}` } })
    expect(response.status).toBe(200)
    expect(asked).toEqual([await sha256Hex(KEY)])
    expect(JSON.parse(arrived[0]?.headers.get('x-shop-caller') ?? '')).toEqual(CALLER)
    expect(arrived[0]?.headers.has('authorization')).toBe(false)
  })

  it('is remembered for a minute for reads, and asked for at each write', async () => {
    const { rpc, asked } = users()
    const clock = { now: NOW }
    const keys = store(rpc, clock)
    for (const later of [0, 30_000, 59_999]) {
      clock.now = NOW + later
      expect(await keys.callerOf(KEY, false)).toEqual(ok(CALLER))
    }
    expect(asked).toHaveLength(1)
    await keys.callerOf(KEY, true)
    await keys.callerOf(KEY, true)
    expect(asked).toHaveLength(3)
    clock.now = NOW + 59_999 + 60_000
    await keys.callerOf(KEY, false)
    expect(asked).toHaveLength(4)
  })

  it('that is revoked writes nothing more at once, and then reads nothing more either', async () => {
    const { rpc, state } = users()
    const keys = store(rpc)
    await keys.callerOf(KEY, false)
    state.knows = undefined
    expect(await keys.callerOf(KEY, false)).toEqual(ok(CALLER))
    const refused = fail({ code: 'invalid_token', reason: 'not_trusted' })
    expect(await keys.callerOf(KEY, true)).toEqual(refused)
    expect(await keys.callerOf(KEY, false)).toEqual(refused)
  })

  it('with a typo is refused without asking', async () => {
    const { rpc, asked } = users()
    const { ask } = fakeShop({ users: rpc })
    const typo = `${KEY.slice(0, -1)}${KEY.endsWith('0') ? '1' : '0'}`
    for (const wrong of [typo, 'shop_sk_', 'shop_pk_abc', KEY.toUpperCase().replace('SHOP_SK_', 'shop_sk_')]) {
      const response = await ask('/api/products', { headers: { authorization: `Bearer ${wrong}` } })
      expect(await problemOf(response)).toMatchObject({ status: 401, code: 'invalid_token', reason: 'malformed' })
    }
    expect(asked).toEqual([])
  })

  it('is not judged while users is down: 503', async () => {
    const { rpc, state } = users()
    state.isDown = true
    const { ask, arrived } = fakeShop({ users: rpc })
    const response = await ask('/api/orders', { headers: { authorization: `Bearer ${KEY}` } })
    expect(response.status).toBe(503)
    expect(arrived).toEqual([])
  })
})
