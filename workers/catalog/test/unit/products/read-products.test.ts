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
    expect(await getProduct(shop.deps, { id: product.id })).toEqual({ ok: true, value: product })
    await deleteProduct(shop.deps, STAFF, { id: product.id })
    expect(await getProduct(shop.deps, { id: product.id })).toEqual({
      ok: false,
      failure: { code: 'product_not_found', productId: product.id },
    })
  })
})

describe('listing products', () => {
  it('pages newest first until the cursor is null', async () => {
    const shop = aCatalog()
    for (const name of ['A', 'B', 'C']) await shop.addProduct({ name })
    const first = await listProducts(shop.deps, { limit: 2 })
    if (!first.ok) throw new Error(first.failure.code)
    expect(first.value.items.map(({ name }) => name)).toEqual(['C', 'B'])
    const second = await listProducts(shop.deps, { limit: 2, cursor: first.value.nextCursor ?? '' })
    expect(second).toMatchObject({ value: { items: [{ name: 'A' }], nextCursor: null } })
  })

  it('answers 20 products when no limit is given', async () => {
    const shop = aCatalog()
    for (let n = 0; n < 21; n += 1) await shop.addProduct({ name: `Mug ${n}` })
    const page = await listProducts(shop.deps, {})
    expect(page.ok && page.value.items).toHaveLength(20)
  })

  it('refuses a cursor of another list', async () => {
    const cursor = btoa(JSON.stringify(['low', '1']))
    expect(await listProducts(aCatalog().deps, { cursor })).toEqual({ ok: false, failure: { code: 'invalid_cursor' } })
  })
})

describe('quoting products', () => {
  it('answers in the requested order, repeated products included', async () => {
    const shop = aCatalog()
    const [a, b] = [await shop.addProduct({ name: 'A' }), await shop.addProduct({ name: 'B' })]
    const quotes = await quoteProducts(shop.deps, [b.id, a.id, b.id])
    expect(quotes.ok && quotes.value.map(({ productId }) => productId)).toEqual([b.id, a.id, b.id])
  })

  it('fails with the first product that is not for sale', async () => {
    const shop = aCatalog()
    const { id } = await shop.addProduct()
    expect(await quoteProducts(shop.deps, [id, 98, 99])).toEqual({
      ok: false,
      failure: { code: 'product_not_found', productId: 98 },
    })
  })

  it('of no products is empty', async () => {
    expect(await quoteProducts(aCatalog().deps, [])).toEqual({ ok: true, value: [] })
  })
})
