import { ANONYMOUS } from '@shop/kernel/caller'
import { currency } from '@shop/kernel/currencies'
import { describe, expect, it } from 'vitest'
import { createProduct } from '../../../src/products/create-product.ts'
import { deleteProduct } from '../../../src/products/delete-product.ts'
import { updateProduct } from '../../../src/products/update-product.ts'
import { sweepCatalog } from '../../../src/sweep.ts'
import { aCatalog, CUSTOMER, DRAFT, later, NOW, STAFF } from '../../support/catalog.ts'

const JPY = currency('JPY')
const hold = { holdId: 'order_a', quantity: 3, expiresAt: later(1) }

describe('writing to the catalogue', () => {
  it.each([
    ['authentication_required', ANONYMOUS],
    ['forbidden', CUSTOMER],
  ] as const)('answers %s to callers who are not staff', async (code, caller) => {
    const { deps } = aCatalog()
    const refused = { ok: false, failure: { code } }
    expect(await createProduct(deps, caller, DRAFT)).toEqual(refused)
    expect(await updateProduct(deps, caller, { id: 1, changes: {} })).toEqual(refused)
    expect(await deleteProduct(deps, caller, { id: 1 })).toEqual(refused)
  })
})

describe('creating a product', () => {
  it('adds its opening stock at once', async () => {
    const shop = aCatalog()
    const product = await shop.addProduct()
    expect(product).toMatchObject({ price: 3995, currency: 'USD', description: '', available: 50 })
    expect(shop.level(product.variantId)).toEqual({ onHand: 50, held: 0 })
    expect(shop.pendingOf('catalog_stock')).toEqual([])
  })

  it.each(['before', 'after'] as const)(
    'succeeds when the stock object fails %s it opened; the sweep adds the opening stock once',
    async (when) => {
      const shop = aCatalog()
      shop.faults.push({ variantId: 1, method: 'open', when })
      const product = await shop.addProduct()
      expect(product.available).toBe(50)
      expect(shop.pendingOf('catalog_stock')).toEqual(['product.created 1'])
      shop.clock.now = later(60)
      expect(await sweepCatalog(shop.deps)).toMatchObject({ stock_events_delivered: 1 })
      expect(await sweepCatalog(shop.deps)).toMatchObject({ stock_events_delivered: 0 })
      expect(shop.level(product.variantId).onHand).toBe(50)
    },
  )

  it('leaves a stock that staff have set before the sweep opens it', async () => {
    const shop = aCatalog()
    shop.faults.push({ variantId: 1, method: 'open', when: 'before' })
    const product = await shop.addProduct()
    await updateProduct(shop.deps, STAFF, { id: product.id, changes: { onHand: 7 } })
    shop.clock.now = later(60)
    await sweepCatalog(shop.deps)
    expect(shop.level(product.variantId).onHand).toBe(7)
  })

  it.each(['before', 'after'] as const)(
    'sets a low-stock threshold, through the sweep when the stock object fails %s it stored it',
    async (when) => {
      const shop = aCatalog()
      shop.faults.push({ variantId: 1, method: 'watchLowStock', when })
      const product = await shop.addProduct({ lowStockThreshold: 5 })
      expect(product.lowStockThreshold).toBe(5)
      shop.clock.now = later(60)
      expect(await sweepCatalog(shop.deps)).toMatchObject({ stock_events_delivered: 1 })
      expect(await sweepCatalog(shop.deps)).toMatchObject({ stock_events_delivered: 0 })
      expect(shop.lowOf(1)).toEqual([])
      shop.stockOf(1).adjust({ delta: -46, reason: 'damage', key: 'broken' }, NOW)
      expect(shop.lowOf(1)).toMatchObject([{ available: 4, threshold: 5 }])
    },
  )

  it('without stock does not call its stock object', async () => {
    const shop = aCatalog()
    expect(await shop.addProduct({ openingStock: undefined })).toMatchObject({ available: 0 })
    expect(shop.calls).toEqual([])
    expect(shop.pendingOf('catalog_stock')).toEqual([])
  })

  it('refuses a price with more decimals than its currency, naming the field', async () => {
    expect(await createProduct(aCatalog().deps, STAFF, { ...DRAFT, currency: JPY })).toMatchObject({
      ok: false,
      failure: { code: 'invalid_amount', reason: 'too_fine', errors: [{ field: 'price' }] },
    })
  })
})

describe('updating a product', () => {
  it('keeps omitted fields', async () => {
    const shop = aCatalog()
    const product = await shop.addProduct()
    const updated = await updateProduct(shop.deps, STAFF, { id: product.id, changes: { name: 'Aeropress Go' } })
    expect(updated).toEqual({ ok: true, value: { ...product, name: 'Aeropress Go' } })
  })

  it('without any field changes nothing', async () => {
    const shop = aCatalog()
    const product = await shop.addProduct()
    expect(await updateProduct(shop.deps, STAFF, { id: product.id, changes: {} })).toEqual({ ok: true, value: product })
  })

  it('sets the units on hand, and answers with the available units', async () => {
    const shop = aCatalog()
    const { id, variantId } = await shop.addProduct()
    shop.stockOf(variantId).hold(hold, NOW)
    expect(await updateProduct(shop.deps, STAFF, { id, changes: { onHand: 10 } })).toMatchObject({
      ok: true,
      value: { available: 7 },
    })
  })

  it('changes nothing when it would set the stock below the held units', async () => {
    const shop = aCatalog()
    const product = await shop.addProduct()
    shop.stockOf(product.variantId).hold(hold, NOW)
    const changes = { name: 'Other', onHand: 2 }
    expect(await updateProduct(shop.deps, STAFF, { id: product.id, changes })).toEqual({
      ok: false,
      failure: { code: 'stock_below_held', held: 3, onHand: 50 },
    })
    expect(await shop.products.find(product.id)).toEqual(product)
  })

  it('does not set the stock when the price is refused', async () => {
    const shop = aCatalog()
    const { id, variantId } = await shop.addProduct()
    expect(await updateProduct(shop.deps, STAFF, { id, changes: { price: 1.001, onHand: 2 } })).toMatchObject({
      failure: { code: 'invalid_amount' },
    })
    expect(shop.level(variantId).onHand).toBe(50)
  })

  it('decides again when another writer changed the currency meanwhile', async () => {
    const shop = aCatalog()
    const { id } = await shop.addProduct({ price: 40 })
    shop.beforeNextUpdate(async () => {
      await updateProduct(shop.deps, STAFF, { id, changes: { currency: JPY } })
    })
    expect(await updateProduct(shop.deps, STAFF, { id, changes: { price: 12.5 } })).toMatchObject({
      failure: { code: 'invalid_amount', reason: 'too_fine' },
    })
    expect(await shop.products.find(id)).toMatchObject({ price: 40, currency: 'JPY' })
  })

  it('answers product_not_found for an unknown id', async () => {
    const failure = { code: 'product_not_found', productId: 99 }
    expect(await updateProduct(aCatalog().deps, STAFF, { id: 99, changes: {} })).toEqual({ ok: false, failure })
  })
})

describe('deleting a product', () => {
  it('succeeds once', async () => {
    const shop = aCatalog()
    const { id } = await shop.addProduct()
    expect(await deleteProduct(shop.deps, STAFF, { id })).toEqual({ ok: true, value: undefined })
    expect(await deleteProduct(shop.deps, STAFF, { id })).toMatchObject({ failure: { code: 'product_not_found' } })
  })
})
