import type { Caller } from '@shop/kernel/caller'
import { fail } from '@shop/kernel/result'
import { describe, expect, it, vi } from 'vitest'
import type { CatalogClient } from '../../src/stock/catalog-client.ts'
import { anOrder } from '../support/orders.ts'
import {
  ADMIN as admin,
  OWNER as owner,
  shopWith,
  STRANGER as stranger,
  OWNER_ID as userId,
} from '../support/shop-with.ts'
import { OUT_OF_STOCK, testDeps } from '../support/test-deps.ts'

const items = [{ product_id: 1, quantity: 2 }]

describe('POST /api/orders', () => {
  it('answers with the order in major units, and no token for an account', async () => {
    const { send } = shopWith()
    const { status, body } = await send('POST', '/api/orders', { caller: owner, body: { items } })
    expect(status).toBe(201)
    expect(body).toEqual({
      message: 'Order placed',
      order: {
        id: expect.stringMatching(/^order_/),
        number: 1_001,
        user_id: userId,
        email: null,
        status: 'pending',
        payment_status: 'unpaid',
        fulfillment_status: 'unfulfilled',
        cancel_reason: null,
        ...{ subtotal: 20, discount_total: 0, shipping_total: 0, tax_total: 0, total_amount: 20 },
        gift_card_amount: 0,
        amount_due: 20,
        ...{ prices_include_tax: false, adjustments: [], tax_lines: [], tax_exemption: null, shipping: null },
        captured_amount: 0,
        refunded_amount: 0,
        refund_status: null,
        currency: 'USD',
        items: [
          {
            id: expect.stringMatching(/^line_/),
            ...{ product_id: 1, variant_id: 11, sku: null, options: {}, name: 'Product 1' },
            ...{ category: null, image_url: null, quantity: 2, unit_price: 10, price: 10 },
            ...{
              to_ship: 2,
              packed_quantity: 0,
              shipped_quantity: 0,
              removed_quantity: 0,
              refunded_quantity: 0,
              returning_quantity: 0,
              returned_quantity: 0,
            },
            ...{ subtotal: 20, discount: 0, tax: 0, total: 20, adjustments: [], tax_lines: [] },
          },
        ],
        shipments: [],
        returns: [],
        ...{
          tax_provider: 'rates',
          vat_id: null,
          shipping_address: null,
          billing_address: null,
          note: null,
          cart_id: null,
          exchange_of: null,
        },
        created_at: '2026-11-23T10:00:00.000Z',
        updated_at: '2026-11-23T10:00:00.000Z',
        expires_at: '2026-11-23T10:15:00.000Z',
        version: 1,
      },
    })
  })

  it('gives a guest the token of the order', async () => {
    const { send } = shopWith()
    const { status, body } = await send('POST', '/api/orders', { body: { items, email: 'guest@example.com' } })
    expect(status).toBe(201)
    expect(body.order_token).toMatch(/^v1\./)
  })

  it('marks a replayed answer', async () => {
    const { send } = shopWith()
    const sent = { caller: owner, body: { items }, headers: { 'idempotency-key': 'key-1' } }
    expect((await send('POST', '/api/orders', sent)).headers.get('idempotency-replayed')).toBeNull()
    expect((await send('POST', '/api/orders', sent)).headers.get('idempotency-replayed')).toBe('true')
  })

  it.each([
    ['no items', { items: [] }],
    ['more than 100 lines', { items: Array.from({ length: 101 }, () => items[0]) }],
    ['a quantity of 0', { items: [{ product_id: 1, quantity: 0 }] }],
    ['an unknown field', { items, user_id: userId }],
    ['an e-mail address that is none', { items, email: 'guest' }],
  ])('refuses %s', async (_, body) => {
    const { send, calls } = shopWith()
    const refused = await send('POST', '/api/orders', { caller: owner, body })
    expect(refused).toMatchObject({ status: 422, body: { code: 'validation_failed' } })
    expect(calls).toEqual([])
  })

  const NOT_ONE = 'must have one of product_id, variant_id and sku; it has'
  it.each<[string, unknown, [field: string, message: string][]]>([
    ['nothing', { quantity: 1 }, [['items.1', `${NOT_ONE} none of them`]]],
    ['two', { product_id: 1, sku: 'A', quantity: 1 }, [['items.1', `${NOT_ONE} product_id and sku`]]],
    [
      'all, and null counts',
      { product_id: 1, variant_id: null, sku: 'A' },
      [['items.1', `${NOT_ONE} product_id and variant_id and sku`]],
    ],
    [
      'a wrong id',
      { variant_id: 'x', quantity: 1 },
      [['items.1.variant_id', 'Invalid input: expected number, received string']],
    ],
    ['an empty SKU', { sku: '', quantity: 1 }, [['items.1.sku', 'Too small: expected string to have >=1 characters']]],
    ['no quantity', { sku: 'A' }, [['items.1.quantity', 'Invalid input: expected number, received undefined']]],
    ['an unknown field', { sku: 'A', quantity: 1, price: 1 }, [['items.1.price', 'is not a known field']]],
    ['no object', 'A', [['items.1', 'Invalid input: expected object']]],
  ])('says what is wrong with an item that names %s', async (_, item, errors) => {
    const { send } = shopWith()
    const refused = await send('POST', '/api/orders', { caller: owner, body: { items: [...items, item] } })
    expect(refused).toMatchObject({ status: 422, body: { code: 'validation_failed' } })
    expect(refused.body.errors).toEqual(errors.map(([field, message]) => ({ field, message })))
  })

  it('takes items by variant and by SKU, also of one variant', async () => {
    const { send } = shopWith()
    const body = { items: [...items, { variant_id: 5, quantity: 1 }, { sku: 'TEE-M', quantity: 3 }] }
    const placed = await send('POST', '/api/orders', { caller: owner, body })
    expect(placed.status).toBe(201)
    const lines = [{ variant_id: 11 }, { variant_id: 5, quantity: 1 }, { sku: 'TEE-M', quantity: 3 }]
    expect(placed.body).toMatchObject({ order: { items: lines } })
  })

  it('lists the variants of a product that has several', async () => {
    const variants = [{ id: 1, sku: 'TEE-S', options: { size: 'S' } }]
    const quote: CatalogClient['quote'] = async () => fail({ code: 'variant_required', productId: 1, variants })
    const { send } = shopWith({ catalog: { quote } })
    const refused = await send('POST', '/api/orders', { caller: owner, body: { items } })
    expect(refused).toMatchObject({ status: 422, body: { code: 'variant_required', product_id: 1, variants } })
  })

  it('asks for prices in the currency of the body, in any case, and says of what there is none', async () => {
    const notSold = { productId: 1, variantId: 11, currency: 'EUR' }
    const quote = vi.fn<CatalogClient['quote']>(async () => fail({ code: 'item_not_sold_in_currency', ...notSold }))
    const { send } = shopWith({ catalog: { quote } })
    const refused = await send('POST', '/api/orders', { caller: owner, body: { items, currency: 'eur' } })
    expect(quote).toHaveBeenCalledExactlyOnceWith({ refs: [{ productId: 1 }], currency: 'EUR' })
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'item_not_sold_in_currency', product_id: 1, variant_id: 11, currency: 'EUR' },
    })
    const unknown = await send('POST', '/api/orders', { caller: owner, body: { items, currency: 'XXX' } })
    expect(unknown).toMatchObject({ status: 422, body: { code: 'validation_failed' } })
  })

  it('answers problem details with the fields of the failure', async () => {
    const { send } = shopWith({ catalog: { holdStock: async () => OUT_OF_STOCK } })
    const { status, headers, body } = await send('POST', '/api/orders', { caller: owner, body: { items } })
    expect([status, headers.get('content-type')]).toEqual([409, 'application/problem+json'])
    expect(body).toMatchObject({ code: 'out_of_stock', product_id: 1, requested: 2, available: 1 })
  })
})

describe('the routes of one order', () => {
  const order = anOrder({ userId })
  const ROUTES = [
    ['GET', `/api/orders/${order.id}`, undefined],
    ['GET', `/api/orders/${order.id}/events`, undefined],
    ['PATCH', `/api/orders/${order.id}/status`, { status: 'cancelled' }],
  ] as const

  it.each(ROUTES)(
    '%s %s is open to its owner and staff, 404 for others, and 401 for anonymous callers',
    async (...route) => {
      const [method, path, body] = route
      const statusFor = async (caller?: Caller) =>
        (await shopWith({ orders: [order] }).send(method, path, { ...(caller && { caller }), body })).status
      expect(await Promise.all([owner, admin, stranger].map(statusFor))).toEqual([200, 200, 404])
      expect(await statusFor()).toBe(401)
    },
  )

  it.each(ROUTES)('%s %s is open to the guest who has its token', async (method, path, body) => {
    const guests = { ...order, userId: null, email: 'guest@example.com' }
    const { deps, send } = shopWith({ orders: [guests] })
    const headers = { 'x-order-token': await deps.tokens.of(order.id) }
    expect((await send(method, path, { body, headers })).status).toBe(200)
    expect((await send(method, path, { body, headers: { 'x-order-token': 'v1.wrong' } })).status).toBe(404)
  })

  it('refuses a caller without any credential before reading the body', async () => {
    const { send } = shopWith({ orders: [order] })
    for (const body of ['{', { status: 'eaten' }]) {
      expect(await send('PATCH', `/api/orders/${order.id}/status`, { body })).toMatchObject({ status: 401 })
      expect(await send('PATCH', `/api/orders/${order.id}/status`, { caller: stranger, body })).not.toMatchObject({
        status: 401,
      })
    }
  })

  it('changes the order only in the version that If-Match names', async () => {
    const { send, calls } = shopWith({ orders: [order] })
    const path = `/api/orders/${order.id}`
    const read = await send('GET', path, { caller: owner })
    const tag = read.headers.get('etag') ?? ''
    expect(tag).toMatch(/^"1-[\da-f]{40}"$/)
    expect(read.body).toMatchObject({ order: { version: 1 } })
    const patch = (ifMatch: string) =>
      send('PATCH', `${path}/status`, {
        caller: owner,
        body: { status: 'cancelled' },
        headers: { 'if-match': ifMatch },
      })
    expect(await patch('1')).toMatchObject({ status: 400, body: { code: 'malformed_request' } })
    for (const other of ['"2"', '"0", "x"']) {
      expect(await patch(other)).toMatchObject({ status: 412, body: { code: 'version_conflict' } })
    }
    expect(calls).toEqual([])
    const changed = await patch(`"0", W/${tag}`)
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, expect.stringMatching(/^"2-/)])
    expect(await patch(tag)).toMatchObject({ status: 412 })
    expect(await patch('*')).toMatchObject({ status: 200 })
  })

  it('names staff in the events for staff only', async () => {
    const { send } = shopWith({ orders: [order] })
    await send('PATCH', `/api/orders/${order.id}/status`, { caller: admin, body: { status: 'cancelled' } })
    const actorFor = async (caller: Caller) => {
      const { body } = await send('GET', `/api/orders/${order.id}/events`, { caller })
      return Array.isArray(body.events) ? body.events.at(-1)?.actor : undefined
    }
    expect(await actorFor(admin)).toEqual({ kind: 'staff', user_id: 'userId' in admin ? admin.userId : null })
    expect(await actorFor(owner)).toEqual({ kind: 'staff', user_id: null })
  })
})

describe('GET /api/orders', () => {
  it('answers a page with its cursor', async () => {
    const orders = [1, 2, 3].map((second) => anOrder({ userId, createdAt: new Date(second * 1_000) }))
    const { send } = shopWith({ orders })
    const first = await send('GET', '/api/orders?limit=2', { caller: owner })
    expect(first).toMatchObject({ status: 200, body: { orders: [{ id: orders[2]?.id }, { id: orders[1]?.id }] } })
    const rest = await send('GET', `/api/orders?limit=2&cursor=${first.body.next_cursor}`, { caller: owner })
    expect(rest.body).toMatchObject({ orders: [{ id: orders[0]?.id }], next_cursor: null })
  })

  it.each([
    [undefined, 'own', 401],
    [owner, 'all', 403],
    [owner, 'everybody', 422],
    [admin, 'all', 200],
  ])('for %j with scope %s answers %i', async (caller, scope, status) => {
    const { send } = shopWith()
    expect((await send('GET', `/api/orders?scope=${scope}`, { ...(caller && { caller }) })).status).toBe(status)
  })
})

describe('readiness', () => {
  it('needs the database, and shows the event backlog', async () => {
    const ready = await shopWith().send('GET', '/internal/ready')
    expect([ready.status, ready.body]).toMatchObject([200, { events: { pending: 0, parked: 0, lag_seconds: 0 } }])
    const events = { ...testDeps().deps.events, lag: () => Promise.reject(new Error('down')) }
    expect((await shopWith({ over: { events } }).send('GET', '/internal/ready')).status).toBe(503)
  })
})
