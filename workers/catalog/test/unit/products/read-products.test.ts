import { ANONYMOUS } from '@shop/kernel/caller'
import { describe, expect, it } from 'vitest'
import { deleteProduct } from '../../../src/products/delete-product.ts'
import { getProduct } from '../../../src/products/get-product.ts'
import { quoteProducts } from '../../../src/products/quote-products.ts'
import { listProducts } from '../../../src/search/list-products.ts'
import { aCatalog, STAFF } from '../../support/catalog.ts'

describe('getting a product', () => {
  it('answers product_not_found once it is deleted', async () => {
    const shop = aCatalog()
    const product = await shop.addProduct()
    expect(await getProduct(shop.deps, ANONYMOUS, { id: product.id })).toEqual({ ok: true, value: product })
    await deleteProduct(shop.deps, STAFF, { id: product.id })
    expect(await getProduct(shop.deps, ANONYMOUS, { id: product.id })).toEqual({
      ok: false,
      failure: { code: 'product_not_found', productId: product.id },
    })
  })
})

describe('listing products', () => {
  it('pages newest first until the cursor is null', async () => {
    const shop = aCatalog()
    for (const name of ['A', 'B', 'C']) await shop.addProduct({ name })
    const first = await listProducts(shop.deps, ANONYMOUS, { limit: 2 })
    if (!first.ok) throw new Error(first.failure.code)
    expect(first.value.items.map(({ name }) => name)).toEqual(['C', 'B'])
    const second = await listProducts(shop.deps, ANONYMOUS, { limit: 2, cursor: first.value.nextCursor ?? '' })
    expect(second).toMatchObject({ value: { items: [{ name: 'A' }], nextCursor: null } })
  })

  it('answers 20 products when no limit is given', async () => {
    const shop = aCatalog()
    for (let n = 0; n < 21; n += 1) await shop.addProduct({ name: `Mug ${n}` })
    const page = await listProducts(shop.deps, ANONYMOUS, {})
    expect(page.ok && page.value.items).toHaveLength(20)
  })

  it('refuses a cursor of another list', async () => {
    const cursor = btoa(JSON.stringify(['low', '1']))
    expect(await listProducts(aCatalog().deps, ANONYMOUS, { cursor })).toEqual({
      ok: false,
      failure: { code: 'invalid_cursor' },
    })
  })
})

describe('quoting variants', () => {
  it('answers in the requested order, however each is named, repeated ones included', async () => {
    const shop = aCatalog()
    const [a, b] = [await shop.addProduct({ name: 'A' }), await shop.addProduct({ name: 'B' })]
    const refs = [{ productId: b.id }, { productId: a.id }, { variantId: b.variants[0]?.id ?? 0 }, { productId: b.id }]
    const quotes = await quoteProducts(shop.deps, refs)
    expect(quotes.ok && quotes.value.map(({ productId }) => productId)).toEqual([b.id, a.id, b.id, b.id])
  })

  it.each([
    [{ productId: 98 }, { code: 'product_not_found', productId: 98 }],
    [{ variantId: 98 }, { code: 'variant_not_found', variantId: 98 }],
    [{ sku: 'NONE' }, { code: 'variant_not_found', sku: 'NONE' }],
  ])('fails with the first that is not for sale, as it was named: %j', async (ref, failure) => {
    const shop = aCatalog()
    const { id } = await shop.addProduct()
    expect(await quoteProducts(shop.deps, [{ productId: id }, ref, { productId: 99 }])).toEqual({ ok: false, failure })
  })

  it('of nothing is empty', async () => {
    expect(await quoteProducts(aCatalog().deps, [])).toEqual({ ok: true, value: [] })
  })

  it('of a product with several asks for one of them, and lists them', async () => {
    const shop = aCatalog()
    const variants = ['S', 'M'].map((size) => ({ sku: `TEE-${size}`, options: { size }, price: 10 }))
    const { id, variants: saved } = await shop.addProduct({ name: 'Tee', price: undefined, openingStock: undefined, variants })
    const choices = saved.map((variant) => ({ id: variant.id, sku: variant.sku, options: variant.options }))
    expect(await quoteProducts(shop.deps, [{ sku: 'TEE-S' }, { productId: id }])).toEqual({
      ok: false,
      failure: { code: 'variant_required', productId: id, variants: choices },
    })
  })
})
