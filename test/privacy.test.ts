import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import { sql } from 'drizzle-orm'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { aPerson, PASSWORD, peopleOf } from './support/people.ts'
import { searchDatabases, searcherFor, searchLogs, searchObjects, searchRedis } from './support/search-everything.ts'
import { usePlatform } from './support/use-platform.ts'

/** The local runtime keeps objects, buckets and caches below it. Set before the platform starts. */
const RUNTIME = mkdtempSync(join(tmpdir(), 'privacy-'))
chmodSync(RUNTIME, 0o755)
vi.stubEnv('TMPDIR', RUNTIME)

// Hooks run in reverse: the platform is stopped first. The process then runs other files.
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(RUNTIME, { recursive: true, force: true })
})

const stage = usePlatform()

const { request, signUp, ship, live, sweepAgain } = peopleOf(stage)

async function searchAll(search: ReturnType<typeof searcherFor>) {
  const [databases, redis] = await Promise.all([
    searchDatabases(stage.platform, search),
    searchRedis(stage.platform, search),
  ])
  return [...databases, ...redis, ...searchObjects(RUNTIME, search), ...searchLogs(stage.platform, search)]
}

/** Until what was found is what is expected: mails, webhooks and carts may take a moment. */
async function eventuallyFound(search: ReturnType<typeof searcherFor>, isExpected: (found: string[]) => boolean) {
  return eventually(
    async () => {
      await sweepAgain()
      return (await searchAll(search)).map(({ where, what }) => `${where}: ${what}`)
    },
    isExpected,
    90_000,
  )
}

describe('a customer who has done everything', () => {
  it('takes their data along, and is then erased from all databases, objects and caches', {
    timeout: 400_000,
  }, async () => {
    const person = aPerson()
    const account = await signUp(person)
    const { shipped, refunded, cancelled, open } = await live(person, account)
    const { token } = account

    const exported = await request('GET', '/api/users/me/export', { token })
    expect(exported.status).toBe(200)
    const document = exported.body as unknown as Record<string, never> & {
      orders: { items: OrderBody[]; more: boolean }
    }
    expect(document).toMatchObject({
      format_version: 1,
      account: { email: person.email, name: person.name, phone: person.phone, metadata: { called: person.phone } },
      addresses: [{ line1: person.street }],
      customer_groups: [],
      notes: { items: [{ text: `Moved to ${person.street}`, created_at: expect.any(String) }], more: false },
      carts: [{ email: person.email, note: person.note }],
      saved_payment_methods: [{ brand: 'visa', last4: '4242' }],
      refunds: [{ reason: `Broken on the way to ${person.street}` }],
      mail_suppression: null,
    })
    expect(document.orders).toMatchObject({ more: false, items: { length: 4 } })
    expect(JSON.stringify(document)).not.toMatch(/secret_|\$argon2|passphrase/)

    const search = searcherFor({ ...person, account: account.user.id })
    const before = (await searchAll(searcherFor(person))).map(({ where, what }) => `${where}: ${what}`)
    for (const place of [
      'users.users: email',
      'users.addresses: street',
      'users.customer_notes: street',
      'orders.orders: name',
      'orders.carts: email',
      'orders.order_events: street',
    ]) {
      expect(before).toContain(place)
    }
    expect(before.some((one) => one.startsWith('object') && one.endsWith('street'))).toBe(true)
    expect(before.filter((one) => one.startsWith('log') || one.startsWith('redis'))).toEqual([])
    expect(before.filter((one) => /^(?:payments|notifications|catalog)\./.test(one))).toEqual([
      'payments.refunds: street',
    ])

    expect((await request('DELETE', '/api/users/me', { token })).status).toBe(200)
    expect((await request('POST', '/api/carts', { token, body: {} })).status).toBe(401)
    const login = { email: person.email, password: PASSWORD }
    expect((await request('POST', '/api/users/login', { body: login })).status).toBe(401)

    // What has to be shipped keeps where to, in its invoice too, and nothing else has anything.
    const left = await eventuallyFound(searcherFor(person), (found) =>
      found.every((one) => one.startsWith('orders.orders') || one.startsWith('orders.invoices')),
    )
    expect(left.toSorted()).toEqual([
      ...['name', 'phone', 'street'].map((what) => `orders.invoices: ${what}`),
      ...['name', 'note', 'phone', 'street'].map((what) => `orders.orders: ${what}`),
    ])
    const kept = await Promise.all([shipped, refunded, cancelled].map(({ id }) => stage.shop.getOrder(stage.admin, id)))
    for (const [index, one] of [shipped, refunded, cancelled].entries()) {
      expect(kept[index]).toMatchObject({
        ...{
          id: one.id,
          total_amount: one.total_amount,
          items: one.items.map(({ id, quantity, total }) => ({ id, quantity, total })),
          user_id: account.user.id,
          email: null,
          note: null,
        },
        ...{ shipping_address: { country: 'DE', postal_code: '10117' }, billing_address: null },
      })
    }
    const written = await request('PATCH', `/api/orders/${refunded.id}`, {
      token: stage.admin.token,
      body: { metadata: { called: person.phone } },
    })
    expect([written.status, written.body.code]).toEqual([409, 'order_erased'])
    await ship(open)
    expect(await eventuallyFound(searcherFor(person), (found) => found.length === 0)).toEqual([])

    // Ids stay where amounts and history refer to them, and in nothing that names the person.
    const places = (await searchAll(search)).map(({ where }) => where.split(' ')[0])
    expect(places.filter((place) => /^(?:notifications|catalog)\./.test(place ?? ''))).toEqual([])
    const customers = await stage.platform.database
      .as('payments')
      .execute(sql`select 1 from payments.customers where user_id = ${account.user.id}`)
    expect(customers.rows).toEqual([])

    const again = await signUp({ ...person, device: crypto.randomUUID() })
    expect(again.user.id).not.toBe(account.user.id)
    expect((await request('GET', '/api/orders', { token: again.token })).body.orders).toEqual([])
    expect((await request('GET', '/api/payments/methods', { token: again.token })).body.payment_methods).toEqual([])
    expect((await request('GET', '/api/users/addresses', { token: again.token })).body.addresses).toEqual([])
  })
})
