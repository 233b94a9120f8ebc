import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import type { NewCollection } from '../../src/collections/repository/index.ts'
import { aVariant, later, NOW, useDatabase } from './use-database.ts'

const { addProduct, collections, database, insertCategory, products } = useDatabase()

type NewVariant = { productId: number; sku: string | null; size: string; position?: number; deleted?: boolean }

/** @returns its id */
async function addVariant({ productId, sku, size, position = 0, deleted = false }: NewVariant): Promise<number> {
  const { rows } = await database()
    .as('catalog')
    .execute<{ id: string }>(sql`
      insert into catalog.variants (product_id, sku, options, position, price, currency, available, stock_sequence, deleted_at)
      values (${productId}, ${sku}, ${JSON.stringify({ size })}, ${position}, 200, 'USD', 0, 0,
              ${deleted ? later(1).toISOString() : null})
      returning id`)
  return Number(rows[0]?.id)
}

async function addCategory(name: string, parent?: { id: number }) {
  const saved = await insertCategory(name, { parentId: parent?.id ?? null })
  if (!saved.ok) throw new Error(saved.failure.code)
  return saved.value.category
}

async function addCollection(over: Partial<NewCollection> = {}) {
  const slug = { text: 'quoted', isChosen: false }
  const inserted = { name: 'Quoted', slug, rule: null, metadata: {}, productIds: [], createdAt: NOW }
  const saved = await collections().insert({ ...inserted, ...over })
  if (!saved.ok) throw new Error(saved.failure.code)
  return saved.value.collection
}

const none = {
  ...{ category: null, imageUrl: null, currency: 'USD', compareAtPrice: null, prices: [], maxPerOrder: null },
  ...{ type: 'physical', taxCategory: null, shippingClass: null, weightGrams: null },
  ...{ categoryIds: [], collectionIds: [], available: 0 },
  stock: { openingStock: 0, sequence: 0, threshold: null, thresholdVersion: 0, policy: 'deny' },
}

describe('a quote', () => {
  it('reads all variants of an order in one round trip, in the order asked for, repeated ones included', async () => {
    const imageUrl = 'https://images.example.com/b.jpg'
    const a = await addProduct({ name: 'A', price: 1 })
    const b = await addProduct({ name: 'B', price: 2, category: 'kitchen', imageUrl })
    const large = await addVariant({ productId: b.id, sku: 'B-L', size: 'L' })
    database().resetCounts()
    const { named, choices } = await products().quote([
      { sku: 'B-L' },
      { productId: a.id },
      { variantId: large },
      { variantId: b.variantId },
      { productId: a.id },
    ])
    expect(database().counts().roundTrips).toBe(1)
    const ofA = { ...none, productId: a.id, variantId: a.variantId, sku: null, options: {}, name: 'A', price: 1 }
    const ofB = { ...none, productId: b.id, name: 'B', category: 'kitchen', categoryIds: b.categoryIds, imageUrl }
    const ofLarge = { ...ofB, variantId: large, sku: 'B-L', options: { size: 'L' }, price: 200 }
    const ofFirst = { ...ofB, variantId: b.variantId, sku: null, options: {}, price: 2 }
    expect(named).toEqual([[ofLarge], [ofA], [ofLarge], [ofFirst], [ofA]])
    expect(choices).toEqual([])
  })

  it('has what shipping, tax and promotions ask for', async () => {
    const top = await addCategory('Machines')
    const below = await addCategory('Coffee', top)
    const other = await addCategory('Gifts')
    const ofProduct = { type: 'digital', taxCategory: 'books', shippingClass: 'bulky', brand: 'Acme' } as const
    const product = await addProduct({
      ...{ ...ofProduct, openingStock: 7, categories: { named: undefined, ids: [other.id, below.id], keptIds: [] } },
      variants: [aVariant({ weightGrams: 340, openingStock: 7 })],
    })
    const { type, taxCategory, shippingClass } = ofProduct
    expect(await products().quote([{ productId: product.id }])).toMatchObject({
      named: [
        [
          {
            ...{ type, taxCategory, shippingClass, weightGrams: 340, available: 7, collectionIds: [] },
            categoryIds: [top.id, below.id, other.id].sort((one, another) => one - another),
          },
        ],
      ],
    })
  })

  it('names those of the asked collections that have the product, by hand or by their rule, in one round trip', async () => {
    const product = await addProduct({ brand: 'Quoted', openingStock: 1 })
    const byHand = await addCollection({ productIds: [product.id] })
    const byRule = await addCollection({ rule: { brands: ['Quoted'], inStock: true } })
    const [notAsked] = [await addCollection({ productIds: [product.id] })]
    const [without, empty] = [await addCollection({ rule: { brands: ['Another'] } }), await addCollection()]
    const asked = [empty, byRule, without, byHand].map(({ id }) => id)
    database().resetCounts()
    const { named } = await products().quote([{ productId: product.id }], [...asked, Number.MAX_SAFE_INTEGER])
    expect(database().counts().roundTrips).toBe(1)
    expect(named).toMatchObject([[{ collectionIds: [byHand.id, byRule.id] }]])
    expect(notAsked.id).toBeGreaterThan(byRule.id)
  })

  it('has nothing for what does not exist, is deleted or is not for sale', async () => {
    const [draft, archived, sold] = [await addProduct(), await addProduct(), await addProduct()]
    await addVariant({ productId: draft.id, sku: 'DRAFT', size: 'S' })
    const gone = await addVariant({ productId: sold.id, sku: 'GONE', size: 'S', deleted: true })
    await database().as('catalog').execute(sql`update catalog.products set status = 'draft' where id = ${draft.id}`)
    await products().delete({ id: archived.id, archivedAt: later(1) })
    const refs = [
      ...[{ productId: Number.MAX_SAFE_INTEGER }, { variantId: Number.MAX_SAFE_INTEGER }, { sku: 'NONE' }],
      ...[{ sku: 'DRAFT' }, { variantId: draft.variantId }, { productId: draft.id }],
      ...[{ productId: archived.id }, { variantId: archived.variantId }, { variantId: gone }, { sku: 'GONE' }],
    ]
    expect(await products().quote(refs)).toEqual({ named: refs.map(() => []), choices: [] })
  })

  it('of a product whose other variants are deleted is of the one that is left', async () => {
    const product = await addProduct()
    await addVariant({ productId: product.id, sku: 'LEFT', size: 'S', deleted: true })
    const again = await addVariant({ productId: (await addProduct()).id, sku: 'LEFT', size: 'S' })
    const { named } = await products().quote([{ productId: product.id }, { sku: 'LEFT' }])
    expect(named).toMatchObject([[{ variantId: product.variantId }], [{ variantId: again }]])
  })

  it('of products with several variants lists those of the first, in their order', async () => {
    const [draft, tee, hat] = [await addProduct(), await addProduct(), await addProduct()]
    for (const { id: productId } of [draft, hat]) await addVariant({ productId, sku: null, size: 'S' })
    await database().as('catalog').execute(sql`update catalog.products set status = 'draft' where id = ${draft.id}`)
    const [large, small, extra] = [
      await addVariant({ productId: tee.id, sku: 'TEE-L', size: 'L', position: 3 }),
      await addVariant({ productId: tee.id, sku: 'TEE-S', size: 'S', position: 1 }),
      await addVariant({ productId: tee.id, sku: 'TEE-XL', size: 'XL', position: 4 }),
    ]
    const { named, choices } = await products().quote([draft, hat, tee, hat].map(({ id }) => ({ productId: id })))
    expect(named.map((found) => found.length)).toEqual([0, 2, 2, 2])
    expect(choices).toHaveLength(2)
    const first = await products().quote([{ sku: 'TEE-L' }, { productId: tee.id }, { productId: hat.id }])
    expect(first.choices).toEqual([
      { id: tee.variantId, sku: null, options: {} },
      { id: small, sku: 'TEE-S', options: { size: 'S' } },
      { id: large, sku: 'TEE-L', options: { size: 'L' } },
      { id: extra, sku: 'TEE-XL', options: { size: 'XL' } },
    ])
  })

  it.each(["it's", 'a"b', 'a,b', '{x}', 'NULL', 'back\\slash', ' ☕ '])('finds the SKU %j as it is', async (sku) => {
    const { id: productId } = await addProduct()
    const variantId = await addVariant({ productId, sku, size: 'S' })
    expect(await products().quote([{ sku }])).toMatchObject({ named: [[{ variantId, sku }]] })
  })
})
