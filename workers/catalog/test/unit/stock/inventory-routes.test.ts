import { ANONYMOUS } from '@shop/kernel/caller'
import { describe, expect, it } from 'vitest'
import { aShop } from '../../support/app.ts'
import { CUSTOMER, later, NOW, STAFF } from '../../support/catalog.ts'

const key = { 'idempotency-key': 'delivery' }
const delivery = { delta: 20, reason: 'receive', note: 'PO 17' }

describe('the inventory routes', () => {
  it.each([
    ['GET', '/api/inventory?low=true', undefined],
    ['POST', '/api/inventory/1/adjust', delivery],
    ['POST', '/api/inventory/rebuild', {}],
    ['POST', '/api/inventory/reconcile', {}],
  ])('let only staff %s %s, before the request is read', async (method, path, body) => {
    const { call } = aShop()
    for (const sent of body === undefined ? [undefined] : [body, { nonsense: true }, '{broken']) {
      expect(await call(ANONYMOUS, method, path, sent)).toMatchObject({ status: 401 })
      expect(await call(CUSTOMER, method, path, sent)).toMatchObject({ status: 403 })
    }
  })

  it('adjust the stock once per idempotency key', async () => {
    const { addProduct, send } = aShop()
    await addProduct()
    const adjust = () => send(STAFF, 'POST', '/api/inventory/1/adjust', { body: delivery, headers: key })
    const first = await adjust()
    const answer = {
      inventory: { product_id: 1, available: 70, on_hand: 70, held: 0 },
      movement: {
        key: 'adjust:user_admin:delivery',
        reason: 'receive',
        delta: 20,
        on_hand: 70,
        note: 'PO 17',
        actor: 'user_admin',
        created_at: NOW.toISOString(),
      },
    }
    expect([first.status, first.headers.get('idempotency-replayed'), await first.json()]).toEqual([200, null, answer])
    const again = await adjust()
    expect([again.status, again.headers.get('idempotency-replayed'), await again.json()]).toEqual([200, 'true', answer])
  })

  it('need an idempotency key to adjust the stock', async () => {
    const { addProduct, call } = aShop()
    await addProduct()
    const path = '/api/inventory/1/adjust'
    expect(await call(STAFF, 'POST', path, delivery)).toMatchObject({
      status: 400,
      body: { code: 'idempotency_key_required' },
    })
    expect(await call(STAFF, 'POST', path, delivery, { 'idempotency-key': 'a b' })).toMatchObject({
      status: 422,
      body: { code: 'validation_failed' },
    })
  })

  it.each([
    [{ delta: 0, reason: 'correct' }, 'delta'],
    [{ delta: 1.5, reason: 'correct' }, 'delta'],
    [{ delta: -1, reason: 'receive' }, 'delta'],
    [{ delta: 1, reason: 'damage' }, 'delta'],
    [{ delta: 1_000_000_001, reason: 'receive' }, 'delta'],
    [{ delta: 1, reason: 'theft' }, 'reason'],
    [{ delta: 1, reason: 'receive', note: '' }, 'note'],
    [{ delta: 1, reason: 'receive', actor: 'user_other' }, 'actor'],
  ])('name the wrong field of the adjustment %j', async (body, field) => {
    const { addProduct, call } = aShop()
    await addProduct()
    expect(await call(STAFF, 'POST', '/api/inventory/1/adjust', body, key)).toMatchObject({
      status: 422,
      body: { errors: [{ field }] },
    })
  })

  it('show customers the available units, and staff everything', async () => {
    const { addProduct, call, stockOf } = aShop()
    await addProduct({ lowStockThreshold: 5 })
    stockOf(1).hold({ holdId: 'order_a', quantity: 3, expiresAt: later(60) }, NOW)
    expect(await call(ANONYMOUS, 'GET', '/api/inventory/1')).toEqual({
      status: 200,
      body: { inventory: { product_id: 1, available: 47 } },
    })
    expect(await call(STAFF, 'GET', '/api/inventory/1')).toMatchObject({
      status: 200,
      body: {
        inventory: { product_id: 1, available: 47, on_hand: 50, held: 3, low_stock_threshold: 5 },
        movements: [{ key: 'opening:1', reason: 'opening', delta: 50, on_hand: 50, actor: null }],
        next_cursor: null,
      },
    })
  })

  it('list low stock page by page', async () => {
    const { addProduct, call } = aShop()
    for (const name of ['A', 'B']) await addProduct({ name, openingStock: 3, lowStockThreshold: 3 })
    const first = await call(STAFF, 'GET', '/api/inventory?low=true&limit=1')
    expect(first).toMatchObject({
      status: 200,
      body: { inventory: [{ product_id: 1, name: 'A', available: 3, low_stock_threshold: 3 }] },
    })
    expect(await call(STAFF, 'GET', '/api/inventory')).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'low' }] },
    })
  })

  it('rebuild the listing', async () => {
    const { addProduct, call } = aShop()
    await addProduct()
    expect(await call(STAFF, 'POST', '/api/inventory/rebuild', {})).toEqual({
      status: 200,
      body: { checked: 1, rewritten: 1, next_cursor: null },
    })
  })

  it('reconcile the listing and answer with the differences', async () => {
    const { addProduct, call, listed } = aShop()
    await addProduct()
    listed.set(1, { variantId: 1, productId: 1, available: 7, sequence: 900 })
    const difference = {
      fault: 'listing',
      listed: 7,
      inventory: { product_id: 1, available: 50, on_hand: 50, held: 0 },
      movements_total: 50,
      holds_total: 0,
      repaired: true,
    }
    expect(await call(STAFF, 'POST', '/api/inventory/reconcile', { limit: 500 })).toEqual({
      status: 200,
      body: { checked: 1, differences: [difference], next_cursor: null },
    })
  })

  it.each([{ limit: 0 }, { limit: 501 }, { cursor: 7 }])('refuse the audit page %j', async (body) => {
    expect(await aShop().call(STAFF, 'POST', '/api/inventory/reconcile', body)).toMatchObject({ status: 422 })
  })
})
