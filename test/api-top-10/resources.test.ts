import { describedOperations } from '@shop/testing/api-contract'
import type { Account } from '@shop/testing/shop'
import { beforeAll, describe, expect, it } from 'vitest'
import { anAddress, attack, filledPath } from '../support/attacks.ts'
import { expectRefusal } from '../support/problems.ts'
import { useSharedPlatform } from '../support/use-platform.ts'

/** OWASP API Security Top 10 (2023): what one caller may use up. */
const stage = useSharedPlatform()
const staff: Account[] = []
let turn = 0
/** Several administrators, since the limit per user counts their requests. */
const oneOfStaff = (): string => {
  turn += 1
  return staff[turn % staff.length]?.token ?? ''
}
beforeAll(async () => {
  for (let n = 0; n < 4; n += 1) staff.push(await stage.shop.signUpAdmin())
})

const post = (path: string, body?: unknown, token?: string, headers = {}) =>
  stage.shop.request('POST', path, { body, token, headers: { 'cf-connecting-ip': anAddress(), ...headers } })

describe('API4:2023 Unrestricted resource consumption', () => {
  /** Each takes some milliseconds; a machine that runs other tests may be slow. */
  const SOON_MS = 4_000

  const lists = describedOperations().filter(({ parameters }) => parameters.some(({ name }) => name === 'limit'))
  const asStaff = (method: string, path: string, init: RequestInit = {}) =>
    attack(stage.platform.url, method, path, {
      ...init,
      headers: { authorization: `Bearer ${oneOfStaff()}`, ...Object(init.headers) },
    })

  it.each(lists)('$operationId lists no page of a million, and reads no cursor of 7 KB', async (operation) => {
    const path = filledPath(operation)
    for (const query of ['limit=1000000', 'limit=-1', 'limit=1e9', `cursor=${'x'.repeat(7_000)}`]) {
      const { status } = await expectRefusal(await asStaff('GET', `${path}?${query}`))
      expect([404, 422], `${path}?${query}`).toContain(status)
    }
  })

  const BOMBS: Record<string, string> = {
    '100,000 levels deep': '['.repeat(100_000) + ']'.repeat(100_000),
    'of 40,000 unknown fields': `{${Array.from({ length: 20_000 }, (_, n) => `"f${n}":1`).join()}}`,
    'with a number of 200,000 digits': `{"items":${'9'.repeat(200_000)}}`,
    'with a list of 100,000 items': `{"items":[${'1,'.repeat(99_999)}1]}`,
    'with a text of 250 KB': `{"email":"${'a'.repeat(250_000)}","password":"x"}`,
    'of 5 MB': `{"email":"${'a'.repeat(5_000_000)}"}`,
  }
  const PUBLIC = ['/api/users/register', '/api/users/login', '/api/users/refresh', '/api/orders', '/api/carts']

  it.each(Object.entries(BOMBS))('a body %s is refused at once, with a short answer', async (_, body) => {
    for (const path of PUBLIC) {
      const began = Date.now()
      const answer = await attack(stage.platform.url, 'POST', path, { body })
      const text = await answer.clone().text()
      expect([400, 413, 422], path).toContain((await expectRefusal(answer)).status)
      expect([Date.now() - began < SOON_MS, text.length < 20_000], path).toEqual([true, true])
    }
  })

  it('a body that is small only while it is compressed is not unpacked', async () => {
    const answer = await attack(stage.platform.url, 'POST', '/api/users/login', {
      body: new Uint8Array(1_000),
      headers: { 'content-encoding': 'gzip' },
    })
    expect((await expectRefusal(answer)).status).toBe(415)
  })

  it.each([
    '(a+)+$',
    '%'.repeat(200),
    '_'.repeat(200),
    '\\'.repeat(200),
    'a '.repeat(100),
    "' | ' & ' ! ".repeat(16),
    '(((((((((('.repeat(20),
    'aa:*|bb:*&!cc'.repeat(15),
    '😀'.repeat(100),
  ])('a search for %j is answered at once', async (search) => {
    for (const path of ['/api/products?search=', '/api/search/suggest?q=']) {
      const began = Date.now()
      const answer = await asStaff('GET', path + encodeURIComponent(search))
      expect(answer.status).toBeLessThan(500)
      expect(Date.now() - began).toBeLessThan(SOON_MS)
    }
  })

  it('a hundred sign-ins at once, which all need a slow hash, are answered or refused, and the shop goes on', async () => {
    const guesses = Array.from({ length: 100 }, (_, n) =>
      post('/api/users/login', { email: `${n}-${crypto.randomUUID()}@example.com`, password: 'x'.repeat(128) }),
    )
    for (const { status } of await Promise.all(guesses)) expect([401, 429, 503]).toContain(status)
    expect((await attack(stage.platform.url, 'GET', '/api/products?limit=1')).status).toBe(200)
  })

  it.each([
    { 'if-none-match': '"x",'.repeat(1_500) },
    { 'accept-language': 'de;q=0.1,'.repeat(700) },
    { cookie: 'a=b;'.repeat(1_500) },
    { 'x-order-token': 'v1.'.repeat(2_000) },
    { authorization: `Bearer ${'a.'.repeat(3_000)}` },
  ])('a header of some KB costs nothing more: %#', async (headers) => {
    const began = Date.now()
    const answer = await attack(stage.platform.url, 'GET', '/api/products?limit=1', { headers })
    expect(answer.status).toBeLessThan(500)
    expect(Date.now() - began).toBeLessThan(SOON_MS)
  })
})
