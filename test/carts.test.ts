import type { CartBody } from '@shop/testing/cart-body'
import type { RequestOptions } from '@shop/testing/client'
import { describe, expect, it } from 'vitest'
import { usePlatform } from './support/use-platform.ts'

const stage = usePlatform()

const item = (variantId: number | undefined, quantity = 1) => ({ variant_id: variantId, quantity })
const key = () => ({ 'idempotency-key': crypto.randomUUID() })
const POSTAL_CODES: Record<string, string> = { EE: '10111', LI: '9490', LV: 'LV-1010', MC: '98000' }

async function variantOf(over: Record<string, unknown> = {}) {
  const product = await stage.shop.addProduct(stage.admin, over)
  return product.variants[0]?.id
}

/** A cart with its own product of 12.50, and how its guest or customer calls it. */
async function newCart(owner: 'guest' | 'customer', over: Record<string, unknown> = {}) {
  const { shop, customer } = stage
  const variantId = await variantOf(over)
  const as: RequestOptions = owner === 'guest' ? {} : { token: customer.token }
  const made = await shop.request('POST', '/api/carts', { ...as, body: { items: [item(variantId, 2)] } })
  expect(made.status).toBe(201)
  const { cart, cart_token: token } = made.body
  const credentials: RequestOptions = owner === 'guest' ? { headers: { 'x-cart-token': token } } : as
  const send = (method: string, rest = '', options: RequestOptions = {}) =>
    shop.request(method, `/api/carts/${cart.id}${rest}`, {
      ...credentials,
      ...options,
      headers: { ...credentials.headers, ...options.headers },
    })
  return { cart, variantId, send }
}

describe.each(['guest', 'customer'] as const)('a %s', (owner) => {
  it('puts things in a cart, changes them, and deletes it', async () => {
    const { cart, variantId, send } = await newCart(owner)
    expect(cart).toMatchObject({
      status: 'open',
      version: 1,
      items: [{ quantity: 2, unit_price: 12.5 }],
      total_amount: 25,
    })
    const other = await variantOf({ price: 3 })
    const added = (await send('POST', '/items', { body: item(other, 3) })).body.cart
    expect(added).toMatchObject({ version: 2, items: [{ quantity: 2 }, { quantity: 3 }], total_amount: 34 })
    const summed = (await send('POST', '/items', { body: item(variantId) })).body.cart
    expect(summed.items.map(({ quantity }) => quantity)).toEqual([3, 3])
    const first = `/items/${cart.items[0]?.id}`
    expect((await send('PATCH', first, { body: { quantity: 1 } })).body.cart.total_amount).toBe(21.5)
    const removed = (await send('DELETE', first)).body.cart
    expect(removed).toMatchObject({ items: [{ variant_id: other }], total_amount: 9 })
    const { version: _, ...shown } = (await send('GET')).body.cart
    expect(removed).toMatchObject(shown)
    expect((await send('DELETE')).status).toBe(200)
    expect((await send('GET')).body.code).toBe('cart_not_found')
  })

  it('is offered the shipping options of an address with their prices, and is charged its tax', async () => {
    const { shop, admin } = stage
    // Each owner has places of their own: an older zone would come first.
    const [country = '', taxed = ''] = owner === 'guest' ? ['EE', 'LI'] : ['LV', 'MC']
    const asStaff = (path: string, body: unknown) => shop.request('POST', path, { token: admin.token, body })
    const zone = (await asStaff('/api/shipping/zones', { name: country, areas: [{ country }] })).body.zone
    const option = { zone_id: zone.id, name: 'Parcel', pricing: 'flat', prices: [{ currency: 'USD', amount: 5 }] }
    const { id } = (await asStaff('/api/shipping/options', option)).body.option
    await asStaff('/api/tax/rates', { name: 'VAT', country: taxed, rate: '0.1' })
    const { send } = await newCart(owner)
    const address = { line1: '1 Main Street', city: 'Springfield', postal_code: POSTAL_CODES[country], country }
    const offered = (await send('PATCH', '', { body: { shipping_address: address } })).body.cart
    const own = offered.shipping_options.find((one) => one.id === id)
    expect([own?.price, offered.shipping, offered.total_amount]).toEqual([5, null, 25])
    const chosen = (await send('PATCH', '', { body: { shipping_option_id: id } })).body.cart
    expect(chosen).toMatchObject({
      shipping: { shipping_option_id: id, total: 5 },
      shipping_total: 5,
      total_amount: 30,
    })
    const elsewhere = { ...address, postal_code: POSTAL_CODES[taxed], country: taxed }
    const moved = (await send('PATCH', '', { body: { shipping_address: elsewhere } })).body.cart
    expect(moved).toMatchObject({ shipping: null, shipping_options: [] })
    expect([moved.tax_total, moved.total_amount]).toEqual([2.5, 27.5])
  })

  it('enters codes, and is told which give nothing and why', async () => {
    const code = crypto.randomUUID()
    const promotion = { name: 'Welcome', type: 'percentage', value: 10, code }
    await stage.shop.request('POST', '/api/promotions', { token: stage.admin.token, body: promotion })
    const { send } = await newCart(owner)
    const { cart } = (await send('PATCH', '', { body: { codes: [code, 'NONE'] } })).body
    expect(cart).toMatchObject({ codes: [code, 'NONE'], discount_total: 2.5, total_amount: 22.5 })
    expect(cart.messages).toEqual([{ code: 'code_not_applied', promotion_code: 'NONE', reason: 'unknown' }])
  })

  it('adds once however often it is sent', async () => {
    const { variantId, send } = await newCart(owner)
    const headers = key()
    const replies = await Promise.all(
      Array.from({ length: 5 }, () => send('POST', '/items', { body: item(variantId), headers })),
    )
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect((await send('GET')).body.cart).toMatchObject({ version: 2, items: [{ quantity: 3 }] })
  })

  it('keeps every line when many are added at once (shopware/shopware#8724)', async () => {
    const { cart, send } = await newCart(owner)
    const variants = await Promise.all(Array.from({ length: 5 }, () => variantOf()))
    await Promise.all([...variants, ...variants].map((variantId) => send('POST', '/items', { body: item(variantId) })))
    const { items } = (await send('GET')).body.cart
    const expected = [...cart.items, ...variants.map((variant_id) => ({ variant_id }))].map((one) => [
      one.variant_id,
      2,
    ])
    expect(items.map(({ variant_id, quantity }) => [variant_id, quantity]).sort()).toEqual(expected.sort())
  })

  it('changes a cart only if it is still what they saw', async () => {
    const { send } = await newCart(owner)
    const tag = (await send('GET')).headers.get('etag') ?? ''
    const body = { note: 'Ring twice' }
    expect((await send('PATCH', '', { body, headers: { 'if-match': tag } })).status).toBe(200)
    const refused = await send('PATCH', '', { body, headers: { 'if-match': tag } })
    expect([refused.status, refused.body.code]).toEqual([412, 'version_conflict'])
  })

  it('is told that a price has changed, and that units are gone', async () => {
    const { cart, send } = await newCart(owner, { stock_quantity: 5 })
    const { shop, admin } = stage
    const { product_id, id: item_id } = cart.items[0] ?? {}
    await shop.request('PUT', `/api/products/${product_id}`, {
      token: admin.token,
      body: { price: 15, stock_quantity: 1 },
    })
    const messages = [
      { code: 'price_changed', item_id, from: 12.5, to: 15 },
      { code: 'quantity_reduced', item_id, from: 2, to: 1 },
    ]
    await expect.poll(async () => (await send('GET')).body.cart.messages, { timeout: 5_000 }).toEqual(messages)
    expect((await send('PATCH', '', { body: { note: 'x' } })).body.cart).toMatchObject({ total_amount: 15, messages })
    expect((await send('GET')).body.cart).toMatchObject({ total_amount: 15, messages: [] })
  })
})

describe('the cart of a guest', () => {
  it('is found with its token only', async () => {
    const { cart, send } = await newCart('guest')
    for (const token of ['', 'x', `v1.${'A'.repeat(43)}`]) {
      const refused = await send('GET', '', { headers: { 'x-cart-token': token } })
      expect([refused.status, refused.body.code]).toEqual([404, 'cart_not_found'])
    }
    const stranger = await stage.shop.request('GET', `/api/carts/${cart.id}`, { token: stage.customer.token })
    expect(stranger.status).toBe(404)
  })

  it('is made once for each key, with the same token', async () => {
    const headers = key()
    const made = await Promise.all(
      Array.from({ length: 5 }, () => stage.shop.request('POST', '/api/carts', { body: {}, headers })),
    )
    expect(new Set(made.map(({ body }) => `${body.cart.id} ${body.cart_token}`)).size).toBe(1)
  })

  it('is merged into that of the account that signs in, once', async () => {
    const { shop } = stage
    const account = await shop.signUp()
    const guest = await newCart('guest')
    const body = { items: [item(guest.variantId, 1), item(await variantOf(), 4)] }
    const own = (await shop.request('POST', '/api/carts', { token: account.token, body })).body.cart
    const merges = await Promise.all(
      Array.from({ length: 3 }, () => guest.send('POST', '/merge', { token: account.token })),
    )
    for (const { status, body: merged } of merges) {
      expect([status, merged.cart.id, quantitiesOf(merged.cart)]).toEqual([200, own.id, [2, 4]])
    }
    const current = await shop.request('GET', '/api/carts/current', { token: account.token })
    expect(current.body.cart).toMatchObject({ id: own.id, version: 2 })
    expect((await guest.send('GET')).body.cart.status).toBe('merged')
    expect((await guest.send('POST', '/items', { body: item(guest.variantId) })).body.code).toBe('cart_not_open')
    expect((await guest.send('POST', '/merge', { token: stage.customer.token })).status).toBe(404)
  })
})

describe('a cart that is merged while its guest adds to it', () => {
  it('loses nothing: each addition is in the merged cart, or is refused', async () => {
    const { shop } = stage
    const [account, guest] = [await shop.signUp(), await newCart('guest', { stock_quantity: 1_000 })]
    await shop.request('POST', '/api/carts', { token: account.token, body: {} })
    const adding = Array.from({ length: 12 }, () =>
      guest.send('POST', '/items', { headers: key(), body: item(guest.variantId) }),
    )
    const [merged, ...added] = await Promise.all([guest.send('POST', '/merge', { token: account.token }), ...adding])
    expect(merged.status).toBe(200)
    const outcomes = added.map(({ status, body }) => (status === 200 ? 'added' : body.code))
    expect(outcomes.filter((outcome) => outcome !== 'added' && outcome !== 'cart_not_open')).toEqual([])
    const current = await shop.request('GET', '/api/carts/current', { token: account.token })
    expect(quantitiesOf(current.body.cart)).toEqual([2 + outcomes.filter((outcome) => outcome === 'added').length])
  })

  it('is merged or made an order, whichever comes first', async () => {
    const { shop } = stage
    const [account, guest] = [await shop.signUp(), await newCart('guest')]
    await guest.send('PATCH', '', { body: { email: `${crypto.randomUUID()}@example.com` } })
    const [merged, completed] = await Promise.all([
      guest.send('POST', '/merge', { token: account.token }),
      guest.send('POST', '/complete', { headers: key(), body: {} }),
    ])
    expect([
      [200, 409],
      [409, 201],
    ]).toContainEqual([merged.status, completed.status])
  })
})

const quantitiesOf = ({ items }: CartBody) => items.map(({ quantity }) => quantity)
