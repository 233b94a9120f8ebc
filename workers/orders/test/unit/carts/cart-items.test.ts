import { describe, expect, it } from 'vitest'
import { guestCart, item, key, ownCart, quoting } from '../../support/cart-shop.ts'
import { shopWith } from '../../support/shop-with.ts'
import { DOWN, NOW, type quoteOf } from '../../support/test-deps.ts'

describe('the row of a cart in use', () => {
  it('is written by the first change of each day', async () => {
    let now = NOW
    const shop = shopWith({ over: { now: () => now } })
    const { path, as } = await ownCart(shop)
    const { save } = shop.deps.cartRows
    const written: Date[] = []
    shop.deps.cartRows.save = async (row) => {
      written.push(row.changedAt)
      await save(row)
    }
    const add = () => shop.send('POST', `${path}/items`, { ...as, body: item })
    await add()
    expect(written).toEqual([])
    now = new Date(NOW.getTime() + 86_400_000)
    await add()
    await add()
    expect(written).toEqual([now])
  })
})

describe('adding', () => {
  it('adds up, and adds once for each key', async () => {
    const shop = shopWith()
    const { path, as } = await guestCart(shop)
    const headers = { ...as.headers, ...key() }
    const added = await shop.send('POST', `${path}/items`, { body: item, headers })
    const again = await shop.send('POST', `${path}/items`, { body: item, headers })
    expect(added.body).toMatchObject({ cart: { version: 2, items: [{ quantity: 4 }], total_amount: 40 } })
    expect([again.body, again.headers.get('idempotency-replayed')]).toEqual([added.body, 'true'])
    const other = await shop.send('POST', `${path}/items`, { body: { ...item, quantity: 1 }, headers })
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused'])
  })

  it('answers a retry also where the variant is no longer for sale, or the version is another one', async () => {
    let isSold = true
    const shop = shopWith({ catalog: quoting(() => (isSold ? {} : undefined)) })
    const { path, as } = await guestCart(shop)
    const headers = { ...as.headers, ...key(), 'if-match': '"1"' }
    await shop.send('POST', `${path}/items`, { body: item, headers })
    isSold = false
    const again = await shop.send('POST', `${path}/items`, { body: item, headers })
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true'])
  })

  it('asks the catalog once, for the new line and those that are there', async () => {
    const asked: number[] = []
    const { quoteEach } = quoting(() => ({}))
    const shop = shopWith({
      catalog: {
        quoteEach: async (request) => {
          asked.push(request.refs.length)
          return quoteEach?.(request) ?? DOWN
        },
      },
    })
    const { path, as } = await guestCart(shop)
    asked.length = 0
    await shop.send('POST', `${path}/items`, { body: { variant_id: 12, quantity: 1 }, ...as })
    expect(asked).toEqual([2])
  })

  it('answers 503 while the catalog is down', async () => {
    const shop = shopWith({ catalog: { quoteEach: async () => DOWN } })
    const refused = await shop.send('POST', '/api/carts', { body: { items: [item] } })
    expect([refused.status, refused.body.code]).toEqual([503, 'service_unavailable'])
  })
})

describe('what a cart says about its items', () => {
  it('shows another price and fewer units on every read, and puts them into effect with the next write', async () => {
    let over: Parameters<typeof quoteOf>[1] = {}
    const shop = shopWith({ catalog: quoting(() => over) })
    const { cart, path, as } = await guestCart(shop)
    const item_id = cart.items[0]?.id
    over = { price: 1_250, available: 1 }
    const messages = [
      { code: 'price_changed', item_id, from: 10, to: 12.5 },
      { code: 'quantity_reduced', item_id, from: 2, to: 1 },
    ]
    for (const _ of ['read', 'again']) {
      const read = await shop.send('GET', path, as)
      expect(read.body).toMatchObject({ cart: { version: 1, total_amount: 25, items: [{ quantity: 2 }], messages } })
    }
    const written = await shop.send('PATCH', path, { ...as, body: { note: 'Ring twice' } })
    expect(written.body).toMatchObject({ cart: { total_amount: 12.5, items: [{ quantity: 1 }], messages } })
    expect((await shop.send('GET', path, as)).body).toMatchObject({ cart: { total_amount: 12.5, messages: [] } })
  })

  it('reduces what is added beyond the stock', async () => {
    const shop = shopWith({ catalog: quoting(() => ({ available: 3 })) })
    const { cart, path, as } = await guestCart(shop)
    const added = await shop.send('POST', `${path}/items`, { ...as, body: item })
    const item_id = cart.items[0]?.id
    expect(added.body).toMatchObject({
      cart: { items: [{ quantity: 3 }], messages: [{ code: 'quantity_reduced', item_id, from: 4, to: 3 }] },
    })
  })

  it('keeps the quantity of what is out of stock, and the message until the line is removed', async () => {
    const shop = shopWith({ catalog: quoting(() => ({ available: 0 })) })
    const { cart, path, as } = await guestCart(shop)
    const item_id = cart.items[0]?.id ?? ''
    expect(cart).toMatchObject({ items: [{ quantity: 2 }], messages: [{ code: 'out_of_stock', item_id }] })
    const removed = await shop.send('DELETE', `${path}/items/${item_id}`, as)
    expect(removed.body).toMatchObject({ cart: { items: [], messages: [] } })
  })

  it('keeps the line of what is no longer for sale, without a price', async () => {
    let isSold = true
    const shop = shopWith({ catalog: quoting((id) => (isSold || id === 12 ? {} : undefined)) })
    const { cart, path, as } = await guestCart(shop, { items: [item, { variant_id: 12, quantity: 1 }] })
    isSold = false
    const item_id = cart.items[0]?.id
    expect((await shop.send('GET', path, as)).body).toMatchObject({
      cart: {
        items: [{ name: 'Product 1', quantity: 2, unit_price: null, total: 0 }, { total: 10 }],
        total_amount: 10,
        messages: [{ code: 'not_for_sale', item_id }],
      },
    })
  })

  it('says when its address does not say where to deliver', async () => {
    const shop = shopWith()
    const { path, as } = await guestCart(shop)
    const emptied = await shop.send('PATCH', path, { ...as, body: { shipping_address: {} } })
    expect(emptied).toMatchObject({ status: 200, body: { cart: { shipping_address: null } } })
    const updated = await shop.send('PATCH', path, { ...as, body: { shipping_address: 'the blue house' } })
    expect(updated.body).toMatchObject({ cart: { messages: [{ code: 'address_incomplete' }] } })
  })
})
