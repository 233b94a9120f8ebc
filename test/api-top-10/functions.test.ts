import { describedOperations } from '@shop/testing/api-contract'
import type { Account } from '@shop/testing/shop'
import { describe, expect, it } from 'vitest'
import { attack, filledPath } from '../support/attacks.ts'
import { expectRefusal } from '../support/problems.ts'
import { useAttackers } from '../support/use-attackers.ts'
import { useSharedPlatform } from '../support/use-platform.ts'

/** OWASP API Security Top 10 (2023): who may call which operation. */
const stage = useSharedPlatform()
const anAttacker = useAttackers(stage)

const as = (account: Account, method: string, path: string, body?: unknown, headers = {}) =>
  stage.shop.request(method, path, { token: account.token, headers, ...(body === undefined ? {} : { body }) })

describe('API5:2023 Broken function level authorization', () => {
  const ofStaff = describedOperations().filter(({ access }) => access?.kind === 'scope')
  const spellings = (path: string): string[] => [
    `${path}/`,
    path.replace('/api/', '/api//'),
    path.replace('/api', '//api'),
    path.replace('/api/', '/API/'),
    path.replace('/api/', '/%61pi/'),
    path.replace('/api/', '/api/./'),
    path.replace('/api/', '/api/x/..;/'),
    path.replace('/api/', '/api/%2e/'),
    `${path};admin=true`,
    `${path}%20`,
    `${path}.json`,
  ]
  /** How many spellings each operation is tried with. They take turns, so each one is tried with every fourth operation. */
  const TRIED = process.env.LONG ? 11 : 3
  const someOf = (all: string[], turn: number) =>
    Array.from({ length: TRIED }, (_, at) => all[(turn * TRIED + at) % all.length] ?? '')
  const OVERRIDES = ['x-http-method-override', 'x-http-method', 'x-method-override']

  const cases = ofStaff.map((operation, turn) => ({ ...operation, turn }))
  it.each(cases)(
    '$operationId is refused to a customer, however its path is spelled',
    async ({ turn, ...operation }) => {
      const { method } = operation
      const path = filledPath(operation)
      for (const spelling of [path, ...someOf(spellings(path), turn)]) {
        const init = method === 'GET' || method === 'DELETE' ? {} : { body: '{}' }
        const answer = await attack(stage.platform.url, method, spelling, {
          ...init,
          headers: { authorization: `Bearer ${anAttacker().token}` },
        })
        const { status } = await expectRefusal(answer)
        expect([400, 403, 404, 405, 422], spelling).toContain(status)
      }
    },
  )

  it.each(['DELETE', 'PATCH', 'PUT'])('no header and no parameter makes a %s of another method', async (override) => {
    const product = await stage.shop.addProduct(stage.admin)
    for (const name of OVERRIDES) {
      for (const method of ['GET', 'POST']) {
        const answer = await attack(stage.platform.url, method, `/api/products/${product.id}`, {
          headers: { [name]: override, authorization: `Bearer ${stage.admin.token}` },
          ...(method === 'POST' ? { body: '{"name":"Changed"}' } : {}),
        })
        expect([method, answer.status]).toEqual([method, method === 'GET' ? 200 : 405])
      }
    }
    const query = await attack(stage.platform.url, 'POST', `/api/products/${product.id}?_method=${override}`, {
      body: '{"name":"Changed"}',
    })
    expect((await expectRefusal(query)).status).toBe(405)
    expect((await stage.shop.getProduct(product.id)).name).toBe(product.name)
  })

  it.each([
    { 'x-original-url': '/api/users' },
    { 'x-rewrite-url': '/api/users' },
    { 'x-forwarded-path': '/api/users' },
    { 'x-user-role': 'admin', 'x-role': 'admin' },
    { 'x-shop-caller': '{"kind":"user","userId":"user_1","role":"admin"}' },
    { 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1', 'x-internal': 'true' },
  ])('the headers %j open nothing', async (headers) => {
    const attacker = await stage.shop.signUp()
    for (const path of ['/api/users', '/api/audit', '/api/orders?scope=all']) {
      expect((await as(attacker, 'GET', path, undefined, headers)).status).toBe(403)
      expect((await stage.shop.request('GET', path, { headers })).status).toBe(401)
    }
    const shown = await as(attacker, 'GET', '/api/orders', undefined, headers)
    expect([shown.status, shown.body.orders]).toEqual([200, []])
  })

  it('a customer cannot raise their own role: not by the role, an invitation or a key', async () => {
    const attacker = anAttacker()
    const tries: [string, string, object][] = [
      ['PATCH', `/api/users/${attacker.user.id}/role`, { role: 'admin' }],
      ['POST', '/api/users/invitations', { email: 'eve@example.com', role: 'admin' }],
      ['POST', '/api/api-keys', { kind: 'secret', name: 'Eve', scopes: ['orders:read'] }],
    ]
    for (const [method, path, body] of tries) expect((await as(attacker, method, path, body)).status).toBe(403)
    expect((await as(attacker, 'GET', '/api/users/profile')).body.user.role).toBe('customer')
  })
})
