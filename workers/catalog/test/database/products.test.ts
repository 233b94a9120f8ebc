import { describe, expect, it } from 'vitest'
import { inCategory, later, NOW, useDatabase } from './use-database.ts'

const { addProduct, database, eventsOf, products } = useDatabase()

describe('a product', () => {
  it('is read back as it was written, in one round trip each', async () => {
    database().resetCounts()
    const product = await addProduct({ category: 'kitchen', imageUrl: 'https://example.com/a.jpg', openingStock: 50 })
    expect(database().counts().roundTrips).toBe(1)
    expect(await products().find(product.id)).toEqual(product)
    expect(database().counts().roundTrips).toBe(2)
  })

  it('has its own variant and event when many are inserted at once', async () => {
    const added = await Promise.all(
      Array.from({ length: 30 }, (_, n) => addProduct({ name: `Parallel ${n}`, openingStock: n + 1 })),
    )
    for (const product of added) expect(await products().find(product.id)).toEqual(product)
    for (const [n, { id, variantId }] of added.entries()) {
      expect(await eventsOf(`product:${id}`)).toMatchObject([{ payload: { variantId, openingStock: n + 1 } }])
    }
  })

  it('keeps the fields that an update omits', async () => {
    const product = await addProduct()
    const saved = await products().update({
      product,
      fields: { categories: inCategory('coffee') },
      updatedAt: later(60),
    })
    const categoryIds = [expect.any(Number)]
    expect(saved?.product).toEqual({ ...product, category: 'coffee', categoryIds, updatedAt: later(60), version: 2 })
    expect(await products().find(product.id)).toEqual(saved?.product)
  })

  it('accepts one of several updates of a version, and writes nothing of the others', async () => {
    const product = await addProduct()
    const change = (price: number) =>
      products().update({
        product,
        fields: { price },
        version: product.version,
        updatedAt: later(60),
      })
    const winners = (await Promise.all([change(1), change(2), change(3)])).filter((one) => one !== undefined)
    expect(winners).toHaveLength(1)
    expect(await products().find(product.id)).toMatchObject({ variants: winners[0]?.product.variants, version: 2 })
  })

  it('answers every one of concurrent updates with the price of its version', async () => {
    const product = await addProduct()
    const update = (n: number) => {
      const fields = n % 2 === 0 ? { name: `Name ${n}` } : { price: n }
      return products().update({ product, fields, updatedAt: later(60) })
    }
    const saved = await Promise.all(Array.from({ length: 12 }, (_, n) => update(n)))
    const versions = saved.map((one) => one?.product.version ?? 0)
    expect(versions.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, n) => n + 2))
    const inOrder = saved.toSorted((one, other) => (one?.product.version ?? 0) - (other?.product.version ?? 0))
    let price = product.variants[0]?.price
    for (const one of inOrder) {
      const n = saved.indexOf(one)
      if (n % 2 === 1) price = n
      expect(one?.product.variants).toMatchObject([{ price }])
    }
  })

  it('is deleted only in one of the versions that are named', async () => {
    const product = await addProduct()
    const remove = (versions: number[]) => products().delete({ id: product.id, archivedAt: later(1), versions })
    for (const versions of [[], [0], [2, 999_999_999_999_999]]) expect(await remove(versions)).toBeUndefined()
    const update = { product, fields: { name: 'Other' }, version: 1, updatedAt: later(1) }
    const [deleted, updated] = await Promise.all([remove([1, 7]), products().update(update)])
    expect([deleted, updated].filter((one) => one !== undefined)).toHaveLength(1)
  })

  it('is archived, and not updated, quoted or deleted again once it is deleted', async () => {
    const product = await addProduct()
    const deletions = await Promise.all([1, 2].map(() => products().delete({ id: product.id, archivedAt: later(1) })))
    expect(deletions.filter((one) => one !== undefined)).toHaveLength(1)
    expect(await products().find(product.id)).toMatchObject({ status: 'archived', archivedAt: later(1), version: 2 })
    expect(await products().quote([{ productId: product.id }])).toMatchObject({ named: [[]] })
    const fields = { name: 'Back' }
    const late = { product, fields, updatedAt: NOW }
    expect(await products().update(late)).toBeUndefined()
  })
})
