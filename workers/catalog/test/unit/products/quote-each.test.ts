import { currency } from '@shop/kernel/currencies'
import { describe, expect, it } from 'vitest'
import { quoteEach } from '../../../src/products/quote-each.ts'
import { aCatalog, later } from '../../support/catalog.ts'

/** `reads` counts the queries. */
function counted() {
  const shop = aCatalog()
  let reads = 0
  const products = {
    quote: (...asked: Parameters<typeof shop.deps.products.quote>) => {
      reads += 1
      return shop.deps.products.quote(...asked)
    },
  }
  return { ...shop, deps: { ...shop.deps, products }, reads: () => reads }
}

describe('the quotes for a cart', () => {
  it('tell of each reference by itself what it costs or what is wrong with it', async () => {
    const { deps, addProduct } = counted()
    const product = await addProduct({ price: 12 })
    const refs = [{ productId: 999 }, { productId: product.id }, { sku: 'GONE' }, { variantId: product.variantId }]
    const quote = { ok: true, value: { productId: product.id, price: 1_200, currency: 'USD' } }
    expect(await quoteEach(deps, { refs })).toMatchObject({
      value: [
        { ok: false, failure: { code: 'product_not_found', productId: 999 } },
        quote,
        { ok: false, failure: { code: 'variant_not_found', sku: 'GONE' } },
        quote,
      ],
    })
    const EUR = currency('EUR')
    const inEuros = await quoteEach(deps, { refs: [{ variantId: product.variantId }], currency: EUR })
    expect(inEuros).toMatchObject({ value: [{ failure: { code: 'item_not_sold_in_currency', currency: 'EUR' } }] })
  })

  it('are read again after a second, and what is not known yet at once', async () => {
    const { deps, addProduct, clock, reads } = counted()
    const [one, other] = [await addProduct(), await addProduct()]
    const ask = (...ids: number[]) => quoteEach(deps, { refs: ids.map((productId) => ({ productId })) })
    await ask(one.id)
    await ask(one.id)
    expect(reads()).toBe(1)
    await ask(one.id, other.id)
    expect(reads()).toBe(2)
    clock.now = later(0.999)
    await ask(other.id, one.id)
    expect(reads()).toBe(2)
    clock.now = later(1)
    await ask(other.id, one.id)
    expect(reads()).toBe(3)
  })

  it('of other collections are other quotes', async () => {
    const { deps, addProduct, reads } = counted()
    const { id: productId } = await addProduct()
    await quoteEach(deps, { refs: [{ productId }], collectionIds: [1] })
    await quoteEach(deps, { refs: [{ productId }], collectionIds: [2] })
    await quoteEach(deps, { refs: [{ productId }], collectionIds: [1] })
    expect(reads()).toBe(2)
  })

  it('read nothing for no references', async () => {
    const { deps, reads } = counted()
    expect([await quoteEach(deps, { refs: [] }), reads()]).toEqual([{ ok: true, value: [] }, 0])
  })
})

describe('recent quotes', () => {
  it('are few, however many variants are asked for', async () => {
    const { deps, addProduct, reads } = counted()
    const { id, variantId } = await addProduct()
    await quoteEach(deps, { refs: [{ variantId }] })
    const collections = Array.from({ length: 2_000 }, (_, index) => [index])
    for (const collectionIds of collections) await quoteEach(deps, { refs: [{ productId: id }], collectionIds })
    const before = reads()
    await quoteEach(deps, { refs: [{ variantId }] })
    expect(reads()).toBe(before + 1)
  })
})
