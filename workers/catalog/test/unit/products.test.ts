import type { Product } from '@shop/contracts'
import { ANONYMOUS, type Caller, currency } from '@shop/kernel'
import { describe, expect, it } from 'vitest'
import { decidePriceChange } from '../../src/domain/price.ts'
import { createProduct } from '../../src/operations/create-product.ts'
import { deleteProduct } from '../../src/operations/delete-product.ts'
import { sweepCatalog } from '../../src/operations/sweep-catalog.ts'
import { updateProduct } from '../../src/operations/update-product.ts'
import { fakeStock } from '../support/fake-stock.ts'
import { memoryProducts } from '../support/memory-products.ts'

const now = new Date('2026-11-23T10:00:00.000Z')
const admin: Caller = { kind: 'user', userId: 'user_admin', role: 'admin' }
const customer: Caller = { kind: 'user', userId: 'user_customer', role: 'customer' }
const USD = currency('USD')
const JPY = currency('JPY')

function aShop() {
  const clock = { now }
  const shop = fakeStock({}, clock)
  const rows = memoryProducts()
  const deps = {
    ...rows,
    stock: shop.stock,
    now: () => clock.now,
    later: () => {},
    newKey: () => crypto.randomUUID(),
    warn: () => {},
  }
  return { ...shop, ...rows, deps, clock }
}
const draft = { name: 'Aeropress', price: 39.95, stock_quantity: 50 }
async function created(shop: ReturnType<typeof aShop>, over = {}): Promise<Product> {
  const result = await createProduct(shop.deps, admin, { ...draft, ...over })
  if (!result.ok) throw new Error(result.failure.code)
  return result.value
}

describe('writing to the catalogue', () => {
  it.each([
    ['authentication_required', ANONYMOUS],
    ['forbidden', customer],
  ] as const)('answers %s to whoever is not staff', async (code, caller) => {
    const { deps } = aShop()
    const refused = { ok: false, failure: { code } }
    expect(await createProduct(deps, caller, draft)).toEqual(refused)
    expect(await updateProduct(deps, caller, { id: 1, changes: {} })).toEqual(refused)
    expect(await deleteProduct(deps, caller, { id: 1 })).toEqual(refused)
  })
})

describe('a new product', () => {
  it('has its opening stock at once', async () => {
    const shop = aShop()
    const product = await created(shop)
    expect(product).toMatchObject({ price: 3995, currency: 'USD', description: '', available: 50 })
    expect(shop.level(product.variantId)).toEqual({ onHand: 50, held: 0 })
    expect(shop.unconfirmed()).toEqual([])
  })

  it.each(['before', 'after'] as const)(
    'is created even when its stock object is lost %s opening; the sweep opens it once',
    async (when) => {
      const shop = aShop()
      shop.faults.push({ variantId: 1, method: 'open', when })
      const product = await created(shop)
      expect(product.available).toBe(50)
      expect(shop.unconfirmed()).toHaveLength(1)
      expect(await sweepCatalog(shop.deps)).toMatchObject({ stock_opened: 1 })
      expect(await sweepCatalog(shop.deps)).toMatchObject({ stock_opened: 0 })
      expect(shop.level(product.variantId).onHand).toBe(50)
    },
  )

  it('keeps the stock that was set before the sweep could open it', async () => {
    const shop = aShop()
    shop.faults.push({ variantId: 1, method: 'open', when: 'before' })
    const product = await created(shop)
    await updateProduct(shop.deps, admin, { id: product.id, changes: { stock_quantity: 7 } })
    await sweepCatalog(shop.deps)
    expect(shop.level(product.variantId).onHand).toBe(7)
  })

  it.each(['before', 'after'] as const)(
    'has a threshold of low stock that its object hears of, though it was lost %s hearing of it',
    async (when) => {
      const shop = aShop()
      shop.faults.push({ variantId: 1, method: 'watchLowStock', when })
      const product = await created(shop, { low_stock_threshold: 5 })
      expect(product.lowStockThreshold).toBe(5)
      expect(await sweepCatalog(shop.deps)).toMatchObject({ stock_watched: 1 })
      expect(await sweepCatalog(shop.deps)).toMatchObject({ stock_watched: 0 })
      expect(shop.lowOf(1)).toEqual([])
      shop.keeperOf(1).adjust({ delta: -46, reason: 'damage', key: 'broken' }, now)
      expect(shop.lowOf(1)).toMatchObject([{ available: 4, threshold: 5 }])
    },
  )

  it('without stock asks nothing of its object', async () => {
    const shop = aShop()
    expect(await created(shop, { stock_quantity: undefined })).toMatchObject({ available: 0 })
    expect(shop.calls).toEqual([])
  })

  it('is refused a price finer than its currency, by field', async () => {
    expect(await createProduct(aShop().deps, admin, { ...draft, currency: JPY })).toMatchObject({
      ok: false,
      failure: { code: 'invalid_amount', reason: 'too_fine', errors: [{ field: 'price' }] },
    })
  })
})

describe('changing a product', () => {
  it('leaves alone what is not given', async () => {
    const shop = aShop()
    const product = await created(shop)
    const changed = await updateProduct(shop.deps, admin, { id: product.id, changes: { name: 'Aeropress Go' } })
    expect(changed).toEqual({ ok: true, value: { ...product, name: 'Aeropress Go' } })
  })

  it('with nothing given changes nothing', async () => {
    const shop = aShop()
    const product = await created(shop)
    expect(await updateProduct(shop.deps, admin, { id: product.id, changes: {} })).toEqual({ ok: true, value: product })
  })

  it('sets what is on hand, and shows what can be sold of it', async () => {
    const shop = aShop()
    const { id, variantId } = await created(shop)
    shop.keeperOf(variantId).hold({ holdId: 'order_a', quantity: 3, expiresAt: new Date(now.getTime() + 1_000) }, now)
    const changed = await updateProduct(shop.deps, admin, { id, changes: { stock_quantity: 10 } })
    expect(changed).toMatchObject({ ok: true, value: { available: 7 } })
  })

  it('is refused as a whole when more is held than the stock it sets', async () => {
    const shop = aShop()
    const product = await created(shop)
    const hold = { holdId: 'order_a', quantity: 3, expiresAt: new Date(now.getTime() + 1_000) }
    shop.keeperOf(product.variantId).hold(hold, now)
    const changes = { name: 'Other', stock_quantity: 2 }
    expect(await updateProduct(shop.deps, admin, { id: product.id, changes })).toEqual({
      ok: false,
      failure: { code: 'stock_below_held', held: 3, onHand: 50 },
    })
    expect(await shop.products.find(product.id)).toEqual(product)
  })

  it('does not set the stock when the price is refused', async () => {
    const shop = aShop()
    const { id, variantId } = await created(shop)
    const changes = { price: 1.001, stock_quantity: 2 }
    expect(await updateProduct(shop.deps, admin, { id, changes })).toMatchObject({
      failure: { code: 'invalid_amount' },
    })
    expect(shop.level(variantId).onHand).toBe(50)
  })

  it('decides again when the currency was changed at the same time', async () => {
    const shop = aShop()
    const { id } = await created(shop, { price: 40 })
    shop.beforeNextUpdate(async () => {
      await updateProduct(shop.deps, admin, { id, changes: { currency: JPY } })
    })
    expect(await updateProduct(shop.deps, admin, { id, changes: { price: 12.5 } })).toMatchObject({
      failure: { code: 'invalid_amount', reason: 'too_fine' },
    })
    expect(await shop.products.find(id)).toMatchObject({ price: 40, currency: 'JPY' })
  })

  it('of no product is not found', async () => {
    const failure = { code: 'product_not_found', productId: 99 }
    expect(await updateProduct(aShop().deps, admin, { id: 99, changes: {} })).toEqual({ ok: false, failure })
  })
})

describe('a price', () => {
  it('keeps its figure when only the currency changes', () => {
    expect(decidePriceChange({ price: 1299_00, currency: USD }, { currency: JPY })).toEqual({
      ok: true,
      value: { price: 1299, currency: 'JPY' },
    })
  })

  it('is refused when the new currency has not got its decimals', () => {
    expect(decidePriceChange({ price: 1299_50, currency: USD }, { currency: JPY })).toMatchObject({
      failure: { code: 'invalid_amount', reason: 'too_fine' },
    })
  })
})

describe('a deleted product', () => {
  it('cannot be deleted again', async () => {
    const shop = aShop()
    const { id } = await created(shop)
    expect(await deleteProduct(shop.deps, admin, { id })).toEqual({ ok: true, value: undefined })
    expect(await deleteProduct(shop.deps, admin, { id })).toMatchObject({ failure: { code: 'product_not_found' } })
  })
})
