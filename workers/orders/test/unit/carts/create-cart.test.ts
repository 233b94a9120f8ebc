import { describe, expect, it } from 'vitest'
import { type Body, item, key, quoting } from '../../support/cart-shop.ts'
import { OWNER, STRANGER, shopWith } from '../../support/shop-with.ts'

describe('POST /api/carts', () => {
  it('answers the whole cart in major units, and its token to a guest', async () => {
    const { status, body, headers } = await shopWith().send('POST', '/api/carts', { body: { items: [item] } })
    expect([status, headers.get('etag')]).toEqual([201, expect.stringMatching(/^"1-/)])
    expect(body).toEqual({
      cart_token: expect.stringMatching(/^v1\./),
      cart: {
        id: expect.stringMatching(/^cart_/),
        ...{ version: 1, status: 'open', currency: 'USD' },
        items: [
          {
            id: expect.stringMatching(/^item_/),
            ...{ variant_id: 11, product_id: 1, sku: null, name: 'Product 1', options: {}, image_url: null },
            ...{ quantity: 2, unit_price: 10, subtotal: 20, discount: 0, tax: 0, total: 20 },
            ...{ adjustments: [], tax_lines: [] },
          },
        ],
        ...{ subtotal: 20, discount_total: 0, shipping_total: 0, tax_total: 0, total_amount: 20 },
        ...{ gift_cards: [], gift_card_total: 0, amount_due: 20 },
        ...{
          prices_include_tax: false,
          tax_exemption: null,
          adjustments: [],
          tax_lines: [],
          shipping: null,
          codes: [],
          email: null,
        },
        ...{ shipping_address: null, billing_address: null, vat_id: null, note: null, shipping_options: [] },
        ...{ shipping_option_id: null, order_id: null },
        messages: [],
        created_at: '2026-11-23T10:00:00.000Z',
        updated_at: '2026-11-23T10:00:00.000Z',
        expires_at: '2026-12-23T10:00:00.000Z',
      },
    })
  })

  it('makes an empty cart without a body, and one without a token for an account', async () => {
    const { status, body } = await shopWith().send('POST', '/api/carts', { caller: OWNER })
    expect([status, (body as Body).cart.items, body.cart_token]).toEqual([201, [], undefined])
  })

  it('makes the same cart for the same key, and another one without', async () => {
    const shop = shopWith()
    const headers = key()
    const first = await shop.send('POST', '/api/carts', { body: { items: [item] }, headers })
    const again = await shop.send('POST', '/api/carts', { body: { items: [item] }, headers })
    expect([again.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([201, first.body, 'true'])
    const other = await shop.send('POST', '/api/carts', { body: { items: [item] } })
    expect((other.body as Body).cart.id).not.toBe((first.body as Body).cart.id)
  })

  it('refuses a key that was sent with something else', async () => {
    const shop = shopWith()
    const headers = key()
    await shop.send('POST', '/api/carts', { body: { items: [item] }, headers })
    const other = await shop.send('POST', '/api/carts', { body: {}, headers })
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused'])
  })

  it('makes no cart again that was deleted', async () => {
    const shop = shopWith()
    const headers = key()
    const first = await shop.send('POST', '/api/carts', { body: { items: [item] }, headers })
    const { cart, cart_token: token = '' } = first.body as Body
    await shop.send('DELETE', `/api/carts/${cart.id}`, { headers: { 'x-cart-token': token } })
    const again = await shop.send('POST', '/api/carts', { body: { items: [item] }, headers })
    expect([again.status, again.body.code]).toEqual([404, 'cart_not_found'])
    const other = await shop.send('POST', '/api/carts', { body: {}, headers })
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused'])
  })

  it('refuses a guessable key of a guest, since its answer has the token', async () => {
    const headers = { 'idempotency-key': 'cart-1' }
    const refused = await shopWith().send('POST', '/api/carts', { body: {}, headers })
    expect([refused.status, refused.body.code]).toEqual([422, 'idempotency_key_too_weak'])
    expect((await shopWith().send('POST', '/api/carts', { caller: OWNER, body: {}, headers })).status).toBe(201)
  })

  it('keys of accounts are their own', async () => {
    const shop = shopWith()
    const headers = key()
    const made = await Promise.all(
      [OWNER, STRANGER].map((caller) => shop.send('POST', '/api/carts', { caller, body: {}, headers })),
    )
    expect(new Set(made.map(({ body }) => (body as Body).cart.id)).size).toBe(2)
  })

  it.each([
    ['an unknown field', { item }],
    ['more than 100 lines', { items: Array.from({ length: 101 }, () => item) }],
    ['a quantity of 0', { items: [{ variant_id: 11, quantity: 0 }] }],
    ['no currency', { currency: 'XXX' }],
  ])('refuses %s', async (_, body) => {
    const refused = await shopWith().send('POST', '/api/carts', { body })
    expect([refused.status, refused.body.code]).toEqual([422, 'validation_failed'])
  })

  it('refuses what is not for sale', async () => {
    const refused = await shopWith({ catalog: quoting(() => undefined) }).send('POST', '/api/carts', {
      body: { items: [item] },
    })
    expect([refused.status, refused.body.code]).toEqual([404, 'variant_not_found'])
  })
})
