import { EXAMPLE_IDEMPOTENCY_KEY } from '@shop/kernel/idempotency'
import { describe, expect, it } from 'vitest'
import { expectRefusal } from '../support/problems.ts'
import { useSharedPlatform } from '../support/use-platform.ts'
import { JSON_TYPE, useStaffRequests } from '../support/use-staff-requests.ts'

const stage = useSharedPlatform()
const { send, sendJson } = useStaffRequests(stage)

type Fields = Record<string, unknown>

describe('an e-mail address', () => {
  const password = 'a long enough passphrase'
  const register = (email: string) => sendJson('POST', '/api/users/register', { email, password })
  const signIn = (email: string) => sendJson('POST', '/api/users/login', { email, password })

  it('is one account in every spelling, and all of them sign in', async () => {
    const name = `jose\u0301-${crypto.randomUUID()}`
    const email = `${name}@example.com`
    const registered = await register(` ${email}\n`)
    const { user } = (await registered.json()) as { user: { email: string } }
    expect([registered.status, user.email]).toEqual([201, email.normalize('NFC')])
    const spellings = [email, email.normalize('NFC'), email.toUpperCase(), `\t${email} `]
    for (const spelling of spellings) {
      expect([spelling, (await register(spelling)).status, (await signIn(spelling)).status]).toEqual([
        spelling,
        409,
        200,
      ])
    }
  })

  it.each(['\u200b', '\u202e', '\u0007', '\ufeff', '\u00ad', '\u2028'])(
    'with the invisible %j is refused',
    async (character) => {
      const email = `ada${character}@example.com`
      const order = { items: [{ product_id: 1, quantity: 1 }], email }
      for (const answer of [await register(email), await signIn(email), await sendJson('POST', '/api/orders', order)]) {
        const { status, body } = await expectRefusal(answer)
        expect([status, body.errors]).toEqual([
          422,
          [{ field: 'email', message: 'must not contain invisible characters' }],
        ])
      }
    },
  )
})

describe('one IP address', () => {
  it('may send 600 requests a minute, and is then told to wait', async () => {
    const headers = { 'cf-connecting-ip': '203.0.113.7' }
    const ask = () => fetch(`${stage.platform.url}/api/nothing`, { headers })
    const first = await Promise.all(Array.from({ length: 100 }, ask))
    expect(first.map(({ status }) => status)).toEqual(Array(100).fill(404))
    // Twice the quota, since the minute may end in between.
    let limited: Response | undefined
    for (let sent = 100; sent < 1_250 && limited === undefined; sent += 150) {
      const more = await Promise.all(Array.from({ length: 150 }, ask))
      limited = more.find(({ status }) => status === 429)
    }
    if (limited === undefined) throw new Error('1250 requests were all let through')
    const refused = await expectRefusal(limited)
    expect(refused.body.code).toBe('rate_limited')
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})

describe('the published example of an idempotency key', () => {
  it('is refused as a key', async () => {
    const headers = { ...JSON_TYPE, 'idempotency-key': EXAMPLE_IDEMPOTENCY_KEY }
    const calls: [string, Fields][] = [
      ['/api/orders', { items: [{ product_id: 1, quantity: 1 }], email: 'ada@example.com' }],
      ['/api/payments', { order_id: 'order_1' }],
      ['/api/payments/pay_1/refund', {}],
      ['/api/payments/pay_1/capture', {}],
      ['/api/inventory/1/adjust', { delta: 1, reason: 'receive' }],
    ]
    for (const [path, body] of calls) {
      const refused = await expectRefusal(await send('POST', path, { headers, body: JSON.stringify(body) }))
      expect([path, refused.status, refused.body.errors]).toMatchObject([path, 422, [{ field: 'idempotency-key' }]])
    }
  })
})
