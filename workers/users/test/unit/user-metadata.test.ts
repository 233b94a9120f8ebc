import { CALLER_HEADER, type Caller } from '@shop/kernel/caller'
import { EXECUTION_CONTEXT } from '@shop/testing/execution-context'
import { describe, expect, it } from 'vitest'
import type { UserRecord } from '../../src/accounts/domain/user.ts'
import { usersApp } from '../../src/app.ts'
import type { UsersDeps } from '../../src/deps.ts'
import { NOW, newUser } from '../support/people.ts'

const id = 'user_01jd4k2v9rf0fv8z3x1m5q7w2e'
const customer: Caller = { kind: 'user', userId: id, role: 'customer' }
const staff: Caller = { kind: 'user', userId: 'user_01jd4k2v9rf0fv8z3x1m5q7w2f', role: 'admin' }

/** A shop with one account. Only its accounts are there: the calls below use nothing else. */
function shopWith(metadata: Record<string, string> = { erp_id: 'A-1' }) {
  const { passwordHash: _, ...ada } = newUser('ada@example.com')
  const shared = { ...ada, id } as const
  const stored: { user: UserRecord; rivals: number } = { user: { ...shared, metadata }, rivals: 0 }
  const accounts: Pick<UsersDeps['accounts'], 'find' | 'findRecord' | 'saveMetadata'> = {
    find: async () => shared,
    findRecord: async (asked) => (asked === id ? stored.user : undefined),
    saveMetadata: async (changed) => {
      if (stored.rivals > 0) {
        stored.rivals -= 1
        stored.user = {
          ...stored.user,
          metadata: { ...stored.user.metadata, rival: 'was here' },
          version: stored.user.version + 1,
        }
      }
      if (changed.version !== stored.user.version) return false
      stored.user = { ...changed, version: changed.version + 1 }
      return true
    },
  }
  const deps = { accounts, now: () => NOW, wakeWebhooks: async () => {} } as UsersDeps
  const app = usersApp(() => deps)
  const send = async (
    method: string,
    path: string,
    sent: { caller?: Caller; body?: unknown; ifMatch?: string } = {},
  ) => {
    const { caller, body, ifMatch } = sent
    const headers = {
      'content-type': 'application/json',
      ...(caller === undefined ? {} : { [CALLER_HEADER]: JSON.stringify(caller) }),
      ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
    }
    const response = await app.request(
      path,
      { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) },
      {},
      EXECUTION_CONTEXT,
    )
    return { status: response.status, headers: response.headers, body: await response.json<Record<string, unknown>>() }
  }
  const patch = (metadata: unknown, ifMatch = '*') =>
    send('PATCH', `/api/users/${id}/metadata`, { caller: staff, body: { metadata }, ifMatch })
  return { stored, send, patch }
}

describe('the metadata of an account', () => {
  it('is read and changed by staff as a merge patch', async () => {
    const { send, patch } = shopWith()
    const read = await send('GET', `/api/users/${id}/metadata`, { caller: staff })
    expect(read).toMatchObject({ status: 200, body: { user: { id, metadata: { erp_id: 'A-1' }, version: 1 } } })
    expect(read.headers.get('etag')).toMatch(/^"1-/)
    expect(await patch({ group: 'b2b', erp_id: null }, '"1"')).toMatchObject({
      status: 200,
      body: { user: { metadata: { group: 'b2b' }, version: 2 }, message: 'Account updated' },
    })
    expect(await patch(null)).toMatchObject({ body: { user: { metadata: {}, version: 3 } } })
  })

  it('is not changed by what it has already', async () => {
    const { patch } = shopWith()
    for (const same of [{ erp_id: 'A-1' }, { other: null }, {}]) {
      expect(await patch(same)).toMatchObject({ status: 200, body: { user: { version: 1 } } })
    }
  })

  it('is for staff only: others neither read nor change it, and do not see it in their profile', async () => {
    const { send } = shopWith()
    for (const [method, body] of [
      ['GET', undefined],
      ['PATCH', { metadata: 5 }],
    ] as const) {
      expect((await send(method, `/api/users/${id}/metadata`, { body })).status).toBe(401)
      expect((await send(method, `/api/users/${id}/metadata`, { caller: customer, body })).status).toBe(403)
    }
    const profile = await send('GET', '/api/users/profile', { caller: customer })
    expect(profile.status).toBe(200)
    expect(JSON.stringify(profile.body)).not.toMatch(/metadata|erp_id/)
  })

  it('keeps what a rival has written at the same time', async () => {
    const { stored, patch } = shopWith({})
    stored.rivals = 2
    expect(await patch({ a: 'b' })).toMatchObject({
      body: { user: { metadata: { a: 'b', rival: 'was here' }, version: 4 } },
    })
  })

  it('is changed only in the version that If-Match names, and only of an account that exists', async () => {
    const { send, patch, stored } = shopWith()
    expect(await patch({ a: 'b' }, '"2"')).toMatchObject({ status: 412 })
    expect(await patch({ a: 'b' }, 'x')).toMatchObject({ status: 400 })
    for (const other of [`${id.slice(0, -1)}g`, 'x']) {
      const change = { caller: staff, body: { metadata: { a: 'b' } } }
      expect(await send('PATCH', `/api/users/${other}/metadata`, change)).toMatchObject({
        body: { code: 'user_not_found' },
      })
    }
    expect(stored.user.version).toBe(1)
  })

  it('has at most 50 pairs', async () => {
    const { patch } = shopWith(Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`k${n}`, 'x'])))
    expect(await patch({ one: 'more' })).toMatchObject({ status: 422, body: { code: 'metadata_too_large' } })
    expect(await patch({ one: 'more', k0: null })).toMatchObject({ status: 200 })
  })
})
