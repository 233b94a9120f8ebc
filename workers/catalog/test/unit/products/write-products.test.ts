import { ANONYMOUS } from '@shop/kernel/caller'
import { currency } from '@shop/kernel/currencies'
import { describe, expect, it } from 'vitest'
import { createProduct } from '../../../src/products/create-product.ts'
import { deleteProduct } from '../../../src/products/delete-product.ts'
import { updateProduct } from '../../../src/products/update-product.ts'
import { aCatalog, CUSTOMER, DRAFT, later, NOW, STAFF } from '../../support/catalog.ts'
import { termsWith } from '../../support/terms.ts'

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
  it('makes no stock object: it is listed with its opening stock, which is there when it is needed', async () => {
    const shop = aCatalog()
    const product = await shop.addProduct({ lowStockThreshold: 5 })
    const variant = { price: 3995, currency: 'USD', available: 50, openingStock: 50, lowStockThreshold: 5 }
    expect(product).toMatchObject({ description: '', variants: [variant] })
    expect(shop.calls).toEqual([])
    expect(shop.level(product.variantId)).toEqual({ onHand: 50, held: 0 })
    expect(shop.opened()).toEqual([])
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
    expect(updated).toEqual({ ok: true, value: { ...product, name: 'Aeropress Go', version: 2 } })
  })

  it('without any field changes nothing', async () => {
    const shop = aCatalog()
    const product = await shop.addProduct()
    expect(await updateProduct(shop.deps, STAFF, { id: product.id, changes: {} })).toEqual({ ok: true, value: product })
  })

  it('does not set the stock when the price is refused', async () => {
    const shop = aCatalog()
    const { id, variantId } = await shop.addProduct()
    const changes = { price: 1.001, stock: { available: 2 } }
    expect(await updateProduct(shop.deps, STAFF, { id, changes })).toMatchObject({
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
    expect(await shop.products.find(id)).toMatchObject({ variants: [{ price: 40, currency: 'JPY' }] })
  })

  it('answers product_not_found for an unknown id', async () => {
    const failure = { code: 'product_not_found', productId: 99 }
    expect(await updateProduct(aCatalog().deps, STAFF, { id: 99, changes: {} })).toEqual({ ok: false, failure })
  })
})

describe('setting the stock of a product', () => {
  it('counts what can be bought, and staff read it at once', async () => {
    const shop = aCatalog()
    const { id, variantId } = await shop.addProduct()
    shop.stockOf(variantId).hold(hold, NOW)
    const set = await updateProduct(shop.deps, STAFF, { id, changes: { stock: { available: 10, expected: 47 } } })
    expect(set).toMatchObject({ ok: true, value: { variants: [{ available: 10 }] } })
    expect(shop.level(variantId)).toEqual({ onHand: 13, held: 3 })
    expect(await shop.products.find(id)).toMatchObject({ variants: [{ available: 10 }] })
  })

  it('is no change of the product: its version and its events stay as they are', async () => {
    const shop = aCatalog()
    const product = await shop.addProduct()
    const set = await updateProduct(shop.deps, STAFF, { id: product.id, changes: { stock: { available: 10 } } })
    expect(set).toMatchObject({ ok: true, value: { version: 1, updatedAt: product.updatedAt } })
    expect(shop.written.map(({ type }) => type)).toEqual(['product.created'])
  })

  it('saves the other fields of a form and leaves the stock that its writer did not touch, whatever was sold since', async () => {
    const shop = aCatalog()
    const { id, variantId } = await shop.addProduct()
    shop.stockOf(variantId).hold(hold, NOW)
    shop.stockOf(variantId).commit(hold, NOW)
    const changes = { name: 'Other', stock: { available: 50, expected: 50 } }
    expect(await updateProduct(shop.deps, STAFF, { id, changes })).toMatchObject({
      ok: true,
      value: { name: 'Other', variants: [{ available: 47 }] },
    })
    expect(shop.level(variantId)).toEqual({ onHand: 47, held: 0 })
  })

  it('changes nothing when other units are available than the writer saw, and names them', async () => {
    const shop = aCatalog()
    const product = await shop.addProduct()
    shop.stockOf(product.variantId).hold(hold, NOW)
    const changes = { name: 'Other', stock: { available: 60, expected: 50 } }
    expect(await updateProduct(shop.deps, STAFF, { id: product.id, changes })).toEqual({
      ok: false,
      failure: { code: 'stock_changed', stockQuantity: 47 },
    })
    expect(await shop.products.find(product.id)).toEqual(product)
    expect(shop.level(product.variantId)).toEqual({ onHand: 50, held: 3 })
  })

  it('is refused after the fields were saved when a sale comes between the two', async () => {
    const shop = aCatalog()
    const { id, variantId } = await shop.addProduct()
    shop.beforeNextUpdate(async () => void shop.stockOf(variantId).hold(hold, NOW))
    const changes = { name: 'Other', stock: { available: 60, expected: 50 } }
    expect(await updateProduct(shop.deps, STAFF, { id, changes })).toMatchObject({ failure: { code: 'stock_changed' } })
    expect(shop.level(variantId)).toEqual({ onHand: 50, held: 3 })
    expect(await shop.products.find(id)).toMatchObject({ name: 'Other', version: 2 })
  })

  it.each([0, 60, 50])('to %d opens an object that was not needed before', async (available) => {
    const shop = aCatalog()
    const { id } = await shop.addProduct()
    const changes = { stock: { available, expected: 50 } }
    expect(await updateProduct(shop.deps, STAFF, { id, changes })).toMatchObject({
      ok: true,
      value: { variants: [{ available }] },
    })
    expect(shop.level(1).onHand).toBe(available)
    expect(shop.opened()).toEqual([1])
  })

  it('succeeds when the listing cannot be written, since the object lists its level by itself', async () => {
    const shop = aCatalog()
    const { id, variantId } = await shop.addProduct()
    const listing = { ...shop.listing, project: () => Promise.reject(new Error('down')) }
    const changes = { stock: { available: 10 } }
    expect(await updateProduct({ ...shop.deps, listing }, STAFF, { id, changes })).toMatchObject({ ok: true })
    expect(shop.level(variantId).onHand).toBe(10)
    expect(shop.warnings).toEqual(['stock_not_listed'])
  })
})

describe('the low-stock threshold of a product', () => {
  it('reaches its object with the next call, and the newest one counts', async () => {
    const shop = aCatalog()
    const { id } = await shop.addProduct()
    for (const lowStockThreshold of [40, 20]) {
      await updateProduct(shop.deps, STAFF, { id, changes: { lowStockThreshold } })
    }
    expect(shop.calls).toEqual([])
    shop.stockOf(1).adjust({ delta: -15, reason: 'damage', key: 'broken' }, NOW)
    expect(shop.lowOf(1)).toEqual([])
    const stale = termsWith({ openingStock: 50, threshold: 40, thresholdVersion: 1 })
    shop.stockOf(1).adjust({ delta: -20, reason: 'damage', key: 'broken too', terms: stale }, NOW)
    expect(shop.lowOf(1)).toMatchObject([{ threshold: 20, available: 15 }])
  })
})

describe('the version of a product', () => {
  it('lets an update by a writer who has seen it, and refuses all others', async () => {
    const shop = aCatalog()
    const product = await shop.addProduct()
    const rename = (name: string, versions: number[]) =>
      updateProduct(shop.deps, STAFF, { id: product.id, changes: { name }, versions })
    for (const versions of [[], [0], [2, 3]]) {
      expect(await rename('Other', versions)).toEqual({ ok: false, failure: { code: 'version_conflict' } })
    }
    expect(await shop.products.find(product.id)).toEqual(product)
    expect(await rename('Other', [7, 1])).toMatchObject({ value: { name: 'Other', version: 2 } })
    expect(await rename('Late', [1])).toMatchObject({ failure: { code: 'version_conflict' } })
  })

  it('is checked also by an update without fields, and by one of the stock alone', async () => {
    const shop = aCatalog()
    const { id, variantId } = await shop.addProduct()
    for (const changes of [{}, { stock: { available: 9 } }]) {
      const refused = await updateProduct(shop.deps, STAFF, { id, changes, versions: [2] })
      expect(refused).toEqual({ ok: false, failure: { code: 'version_conflict' } })
    }
    expect(shop.level(variantId).onHand).toBe(50)
  })

  it('lost to another writer in the last moment refuses fields and stock', async () => {
    const shop = aCatalog()
    const { id, variantId } = await shop.addProduct()
    shop.beforeNextUpdate(async () => {
      await updateProduct(shop.deps, STAFF, { id, changes: { name: 'First', stock: { available: 20 } }, versions: [1] })
    })
    const changes = { name: 'Second', stock: { available: 30 } }
    expect(await updateProduct(shop.deps, STAFF, { id, changes, versions: [1] })).toEqual({
      ok: false,
      failure: { code: 'version_conflict' },
    })
    expect(await shop.products.find(id)).toMatchObject({ name: 'First', version: 2 })
    expect(shop.level(variantId).onHand).toBe(20)
  })

  it('is not found once the product is deleted', async () => {
    const shop = aCatalog()
    const { id } = await shop.addProduct()
    expect(await deleteProduct(shop.deps, STAFF, { id, versions: [2] })).toEqual({
      ok: false,
      failure: { code: 'version_conflict' },
    })
    expect(await deleteProduct(shop.deps, STAFF, { id, versions: [1] })).toEqual({ ok: true, value: undefined })
    const missing = { ok: false, failure: { code: 'product_not_found', productId: id } }
    expect(await deleteProduct(shop.deps, STAFF, { id, versions: [1] })).toEqual(missing)
    expect(await updateProduct(shop.deps, STAFF, { id, changes: {}, versions: [1] })).toEqual(missing)
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
