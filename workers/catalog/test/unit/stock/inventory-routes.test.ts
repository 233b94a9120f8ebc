import { ANONYMOUS } from '@shop/kernel/caller'
import { describe, expect, it } from 'vitest'
import { aShop } from '../../support/app.ts'
import { CUSTOMER, later, NOW, STAFF } from '../../support/catalog.ts'
import { termsWith } from '../../support/terms.ts'

/** What everybody sees beside the available units. */
const PUBLIC = { product_id: 1, variant_id: 1, sku: null, in_stock: true, inventory_policy: 'deny' }
const key = { 'idempotency-key': 'delivery' }
const delivery = { delta: 20, reason: 'receive', note: 'PO 17' }

describe('the inventory routes', () => {
  it.each([
    ['GET', '/api/inventory?low=true', undefined],
    ['POST', '/api/inventory/1/adjust', delivery],
    ['POST', '/api/variants/1/inventory/adjust', delivery],
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
    const adjust = (path = '/api/inventory/1/adjust') => send(STAFF, 'POST', path, { body: delivery, headers: key })
    const first = await adjust()
    const answer = {
      inventory: { ...PUBLIC, available: 70, on_hand: 70, held: 0 },
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
    for (const path of ['/api/inventory/1/adjust', '/api/variants/1/inventory/adjust']) {
      const again = await adjust(path)
      expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true'])
      expect(await again.json()).toEqual(answer)
    }
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
    for (const path of ['/api/inventory/1', '/api/variants/1/inventory']) {
      expect(await call(ANONYMOUS, 'GET', path)).toEqual({
        status: 200,
        body: { inventory: { ...PUBLIC, available: 47 } },
      })
      expect(await call(STAFF, 'GET', path)).toMatchObject({
        status: 200,
        body: {
          inventory: { ...PUBLIC, available: 47, on_hand: 50, held: 3, low_stock_threshold: 5 },
          movements: [{ key: 'opening:1', reason: 'opening', delta: 50, on_hand: 50, actor: null }],
          next_cursor: null,
        },
      })
    }
  })

  it('answer with the variants of a product that has several, and 404 for what is unknown', async () => {
    const { addProduct, addVariant, call } = aShop()
    await addProduct()
    addVariant(1, 2)
    const variants = [1, 2].map((id) => ({ id, sku: null, options: {} }))
    for (const [method, path, body] of [
      ['GET', '/api/inventory/1', undefined],
      ['POST', '/api/inventory/1/adjust', delivery],
    ] as const) {
      expect(await call(STAFF, method, path, body, key)).toMatchObject({
        status: 422,
        body: { code: 'variant_required', product_id: 1, variants },
      })
    }
    for (const [method, path, body] of [
      ['GET', '/api/variants/99/inventory', undefined],
      ['POST', '/api/variants/99/inventory/adjust', delivery],
    ] as const) {
      expect(await call(STAFF, method, path, body, key)).toMatchObject({
        status: 404,
        body: { code: 'variant_not_found', variant_id: 99 },
      })
    }
  })

  it('say whether a variant is in stock, which it always is where it is sold below zero', async () => {
    const { addProduct, call, changeTerms } = aShop()
    await addProduct({ openingStock: 0 })
    const shown = async () => (await call(ANONYMOUS, 'GET', '/api/variants/1/inventory')).body
    expect(await shown()).toMatchObject({ inventory: { available: 0, in_stock: false, inventory_policy: 'deny' } })
    changeTerms(1, { policy: 'continue' })
    expect(await shown()).toMatchObject({ inventory: { available: 0, in_stock: true, inventory_policy: 'continue' } })
    const damage = { delta: -2, reason: 'damage' }
    expect(await call(STAFF, 'POST', '/api/variants/1/inventory/adjust', damage, key)).toMatchObject({
      status: 200,
      body: { inventory: { available: -2, on_hand: -2, in_stock: true } },
    })
  })

  it('answer 503 where the object of a variant has lost its stock', async () => {
    const { addProduct, call, changeTerms } = aShop()
    await addProduct()
    changeTerms(1, { sequence: 12 })
    expect(await call(STAFF, 'GET', '/api/variants/1/inventory')).toMatchObject({ status: 503 })
    expect(await call(STAFF, 'POST', '/api/inventory/reconcile', {})).toMatchObject({
      status: 200,
      body: { differences: [{ fault: 'lost', repaired: false }] },
    })
  })

  it('list low stock page by page', async () => {
    const { addProduct, call } = aShop()
    for (const name of ['A', 'B']) await addProduct({ name, openingStock: 3, lowStockThreshold: 3 })
    const first = await call(STAFF, 'GET', '/api/inventory?low=true&limit=1')
    expect(first).toMatchObject({
      status: 200,
      body: {
        inventory: [{ product_id: 1, variant_id: 1, sku: null, name: 'A', available: 3, low_stock_threshold: 3 }],
      },
    })
    expect(await call(STAFF, 'GET', '/api/inventory')).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'low' }] },
    })
  })

  it('rebuild the listing', async () => {
    const { addProduct, call, stockOf } = aShop()
    await addProduct()
    stockOf(1).adjust({ delta: 1, reason: 'receive', key: 'a' }, NOW)
    expect(await call(STAFF, 'POST', '/api/inventory/rebuild', {})).toEqual({
      status: 200,
      body: { checked: 1, rewritten: 1, next_cursor: null },
    })
  })

  it('reconcile the listing and answer with the differences', async () => {
    const { addProduct, call, listed } = aShop()
    await addProduct()
    const terms = termsWith({ openingStock: 50 })
    listed.set(1, { variantId: 1, productId: 1, sku: null, available: 7, terms })
    const difference = {
      fault: 'listing',
      listed: 7,
      inventory: { ...PUBLIC, available: 50, on_hand: 50, held: 0 },
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
