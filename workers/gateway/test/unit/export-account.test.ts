import { fail, ok } from '@shop/kernel/result'
import { describe, expect, it } from 'vitest'
import type { GatewayDeps } from '../../src/deps.ts'
import { EXPORT_OPERATION } from '../../src/docs/internal/export-operation.ts'
import { fakeShop, newKey, newToken, USER_ID, usersRpc } from './fake-shop.ts'

const EMAIL = 'ada@example.com'
const known = {
  ...{ userId: USER_ID, verifiedEmail: EMAIL, account: { id: USER_ID }, addresses: [], factors: [], apiKeys: [] },
  sessions: { items: [], more: false },
  groups: [{ id: 'group_1', name: 'Wholesale' }],
  notes: { items: [{ text: 'Likes blue' }], more: true },
} as const
const EMPTY = { items: [], more: false }

const EXPORTS: Pick<GatewayDeps, 'orders' | 'payments' | 'notifications'> = {
  orders: {
    exportCustomer: async (userId) =>
      ok({ orders: { items: [{ userId }], more: true }, invoices: [], returns: [], carts: [], giftCards: EMPTY }),
  },
  payments: { exportCustomer: async () => ok({ payments: EMPTY, refunds: [], savedMethods: [] }) },
  notifications: {
    exportCustomer: async (email) => ok({ mails: { items: [{ email }], more: false }, suppression: null }),
  },
}

async function shop(
  over: Partial<typeof EXPORTS> = {},
  users = usersRpc({ exportCustomer: async () => ok(known as never) }),
) {
  const key = await newKey()
  const { ask, arrived } = fakeShop({ keys: [key.publicJwk], users, exports: { ...EXPORTS, ...over } })
  const headers = { authorization: `Bearer ${await newToken(key)}` }
  return { arrived, ask: (path = '/api/users/me/export', init: RequestInit = {}) => ask(path, { headers, ...init }) }
}

describe('GET /api/users/me/export', () => {
  it('has what every worker knows of the caller', async () => {
    const { ask, arrived } = await shop()
    const response = await ask('/api/users/me/export/')
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toEqual({
      ...{ format_version: 1, exported_at: expect.any(String), account: { id: USER_ID }, addresses: [] },
      ...{ sessions: EMPTY, factors: [], api_keys: [], customer_groups: known.groups, notes: known.notes },
      ...{ orders: { items: [{ userId: USER_ID }], more: true }, invoices: [], returns: [], carts: [] },
      gift_cards: EMPTY,
      ...{ payments: EMPTY, refunds: [], saved_payment_methods: [] },
      ...{ mails: { items: [{ email: EMAIL }], more: false }, mail_suppression: null },
    })
    expect(arrived).toEqual([])
  })

  it('has no mails to an address that nobody has verified, which may be somebody else’s', async () => {
    const unverified = { ...known, verifiedEmail: undefined }
    const { ask } = await shop({}, usersRpc({ exportCustomer: async () => ok(unverified as never) }))
    expect(await (await ask()).json()).toMatchObject({ mails: EMPTY, mail_suppression: null })
  })

  it.each(['orders', 'payments', 'notifications'] as const)(
    'is unavailable and never partial without %s',
    async (name) => {
      const { ask } = await shop({ [name]: { exportCustomer: async () => fail({ code: 'service_unavailable' }) } })
      const response = await ask()
      expect([response.status, await response.json()]).toMatchObject([503, { code: 'service_unavailable' }])
    },
  )

  it.each([
    [403, { code: 'step_up_required', methods: ['password'], maxAge: 600 }],
    [429, { code: 'rate_limited', retryAfter: 60 }],
    [503, { code: 'service_unavailable' }],
  ] as const)('answers %i where users refuses it, and asks nobody else', async (status, failure) => {
    const never = async () => {
      throw new Error('asked')
    }
    const exporting = { exportCustomer: never }
    const users = usersRpc({ exportCustomer: async () => fail(failure) as never })
    const { ask } = await shop({ orders: exporting, payments: exporting, notifications: exporting }, users)
    const response = await ask()
    expect([response.status, await response.json()]).toMatchObject([status, { code: failure.code }])
  })

  it('needs a sign-in', async () => {
    const { ask } = await shop({}, usersRpc({ exportCustomer: async () => fail({ code: 'authentication_required' }) }))
    expect((await ask('/api/users/me/export', { headers: {} })).status).toBe(401)
  })

  it('takes no other method', async () => {
    const { ask, arrived } = await shop()
    const refused = await ask('/api/users/me/export', { method: 'POST' })
    expect([refused.status, refused.headers.get('allow'), arrived]).toEqual([405, 'GET', []])
  })

  it('refuses query parameters, which it describes', async () => {
    const { ask } = await shop()
    const refused = await ask('/api/users/me/export?limit=1')
    expect([refused.status, await refused.json()]).toMatchObject([422, { code: 'validation_failed' }])
    expect(EXPORT_OPERATION.responses[422].description).toContain('`validation_failed`')
  })
})
