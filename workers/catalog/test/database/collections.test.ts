import { isWellFormed } from '@shop/contracts/events/delivery'
import { currency } from '@shop/kernel/currencies'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CollectionRule } from '../../src/collections/domain/rule.ts'
import type { NewCollection } from '../../src/collections/repository/index.ts'
import { isMember } from '../../src/collections/repository/members.ts'
import { later, NOW, useDatabase } from './use-database.ts'

const { addProduct, attributes, categories, collections, database, eventsOf, insertCategory } = useDatabase()

const insert = (over: Partial<NewCollection> = {}) =>
  collections().insert({
    name: 'Summer',
    slug: { text: 'summer', isChosen: false },
    rule: null,
    metadata: {},
    productIds: [],
    createdAt: NOW,
    ...over,
  })

async function add(over: Partial<NewCollection> = {}) {
  const saved = await insert(over)
  if (!saved.ok) throw new Error(saved.failure.code)
  return saved.value.collection
}

const productIdsOf = async ({ id }: { id: number }) => (await collections().find(id))?.productIds

const EUR = currency('EUR')

describe('a collection', () => {
  it.each([
    ['tags and brands', { tags: ['a "quoted", one', 'back\\slash'], brands: ["it's", '{}', 'null'] }],
    ['a price', { price: { currency: EUR, min: 100 }, inStock: false }],
    ['both bounds and an age', { price: { currency: EUR, min: 0, max: 5 }, createdWithinDays: 30, inStock: true }],
  ] satisfies [string, CollectionRule][])('is read back with a rule of %s, in one round trip each', async (_, rule) => {
    database().resetCounts()
    const collection = await add({ rule, metadata: { a: 'b' } })
    expect(collection).toMatchObject({ rule, metadata: { a: 'b' }, version: 1, createdAt: NOW })
    expect(database().counts().roundTrips).toBe(1)
    expect(await collections().find(collection.id)).toEqual({ ...collection, productIds: [] })
    expect(database().counts().roundTrips).toBe(2)
  })

  it('has a free slug of its name, also when raced', async () => {
    const slug = { text: 'raced', isChosen: false }
    const added = await Promise.all(Array.from({ length: 5 }, () => add({ slug })))
    expect(added.map((one) => one.slug).sort()).toEqual(['raced', 'raced-2', 'raced-3', 'raced-4', 'raced-5'])
    expect(await insert({ slug: { text: 'raced-2', isChosen: true } })).toMatchObject({
      failure: { code: 'slug_taken' },
    })
  })

  it('lists its products in order, and replaces them in one round trip', async () => {
    const [a, b, c] = [await addProduct(), await addProduct(), await addProduct()].map(({ id }) => id)
    if (a === undefined || b === undefined || c === undefined) throw new Error('No products')
    const collection = await add({ productIds: [b, a] })
    expect(await productIdsOf(collection)).toEqual([b, a])
    database().resetCounts()
    const set = await collections().setProducts({ decidedFrom: collection, updatedAt: later(1) }, [c, b])
    expect(database().counts().roundTrips).toBe(1)
    expect(set).toMatchObject({ value: { collection: { version: 2, updatedAt: later(1) } } })
    expect(await productIdsOf(collection)).toEqual([c, b])
    expect(await collections().setProducts({ decidedFrom: collection, updatedAt: later(2) }, [])).toEqual({
      ok: true,
      value: undefined,
    })
    const decidedFrom = { ...collection, version: 2 }
    const missing = Number.MAX_SAFE_INTEGER
    expect(await collections().setProducts({ decidedFrom, updatedAt: later(2) }, [a, missing])).toMatchObject({
      failure: { code: 'product_not_found', productId: missing },
    })
    expect(await productIdsOf(collection)).toEqual([c, b])
  })

  it('has the products of one writer when several set them at once', async () => {
    const ids = (await Promise.all(Array.from({ length: 6 }, () => addProduct()))).map(({ id }) => id)
    const collection = await add()
    const lists = ids.map((id, n) => [id, ids[(n + 1) % ids.length] ?? id])
    const update = { decidedFrom: collection, updatedAt: later(1) }
    const set = await Promise.all(lists.map((list) => collections().setProducts(update, list)))
    const won = set.findIndex((one) => one.ok && one.value !== undefined)
    expect(set.filter((one) => one.ok && one.value !== undefined)).toHaveLength(1)
    expect(await productIdsOf(collection)).toEqual(lists[won])
  })

  it('names no category that does not exist', async () => {
    const rule = { categoryIds: [999_999] }
    const missing = { failure: { code: 'category_not_found', categoryId: 999_999 } }
    expect(await insert({ rule })).toMatchObject(missing)
    const collection = await add({ rule: { inStock: true } })
    expect(
      await collections().update({ decidedFrom: collection, updatedAt: NOW }, { ...collection, rule }),
    ).toMatchObject(missing)
  })

  it('writes an event with each change, and none with a refusal', async () => {
    const collection = await add({ rule: { inStock: true } })
    const at = (version: number) => ({ decidedFrom: { id: collection.id, version }, updatedAt: later(version) })
    const renamed = await collections().update(at(1), { ...collection, name: 'Winter' })
    expect(renamed).toMatchObject({ value: { collection: { name: 'Winter', version: 2 } } })
    expect(await collections().delete(at(1))).toBeUndefined()
    const deleted = await collections().delete(at(2))
    const listed = await eventsOf(`collection:${collection.id}`)
    expect(listed).toMatchObject([
      { type: 'collection.created', sequence: 1, payload: { collectionId: collection.id, kind: 'rule' } },
      { type: 'collection.updated', sequence: 2, createdAt: later(1) },
      {
        id: deleted?.eventId,
        type: 'collection.deleted',
        sequence: 3,
        deliveries: [{ consumer: 'catalog_cache' }, { consumer: 'webhooks' }],
      },
    ])
    expect(listed.every(isWellFormed)).toBe(true)
  })

  it('is listed page by page, newest first', async () => {
    const [first, second] = [await add(), await add()]
    expect((await collections().list({ before: undefined, limit: 2 })).map(({ id }) => id)).toEqual([
      second.id,
      first.id,
    ])
    expect((await collections().list({ before: second.id, limit: 1 })).map(({ id }) => id)).toEqual([first.id])
  })
})

/** A product as a rule sees it; `categoryId` is the one it is in. */
type Goods = {
  tags: string[]
  brand: string | null
  price: number
  currency: string
  inStock: boolean
  ageDays: number
  categoryId: number | undefined
}

/** Whether a product is in a collection, as the statement part decides. */
async function isIn(collection: { id: number }, goods: Goods, productId: number): Promise<boolean> {
  const db = database().as('catalog')
  await db.execute(sql`delete from catalog.product_categories where product_id = ${productId}`)
  if (goods.categoryId !== undefined) {
    await db.execute(sql`insert into catalog.product_categories (product_id, category_id, position, created_at)
      values (${productId}, ${goods.categoryId}, 0, ${NOW.toISOString()}::timestamptz)`)
  }
  const subject = {
    id: sql`${productId}::bigint`,
    tags: sql`${`{${goods.tags.join()}}`}::text[]`,
    brand: sql`${goods.brand}::text`,
    createdAt: sql`${later(-goods.ageDays * 86_400).toISOString()}::timestamptz`,
    isInStock: sql`${goods.inStock}::boolean`,
    hasPrice: ({ currency, min, max }: { currency: unknown; min: unknown; max: unknown }) =>
      sql`(${currency} = ${goods.currency}::char(3) and ${goods.price}::bigint >= coalesce(${min}, 0)
        and ${goods.price}::bigint <= coalesce(${max}, ${goods.price}::bigint))`,
  }
  const now = sql`${NOW.toISOString()}::timestamptz`
  const { rows } = await db.execute<{ is_member: boolean }>(sql`
    select ${isMember(subject, now)} as is_member from catalog.collections collection where id = ${collection.id}`)
  return rows[0]?.is_member === true
}

/** The same decision, by the words of the contract. */
function meets(rule: CollectionRule, goods: Goods, path: readonly number[]): boolean {
  const { tags, brands, categoryIds, price, inStock, createdWithinDays } = rule
  return (
    (tags === undefined || goods.tags.some((tag) => tags.includes(tag))) &&
    (brands === undefined || (goods.brand !== null && brands.includes(goods.brand))) &&
    (categoryIds === undefined || path.some((id) => categoryIds.includes(id))) &&
    (price === undefined ||
      (price.currency === goods.currency &&
        goods.price >= (price.min ?? 0) &&
        goods.price <= (price.max ?? Number.POSITIVE_INFINITY))) &&
    (inStock === undefined || inStock === goods.inStock) &&
    (createdWithinDays === undefined || goods.ageDays < createdWithinDays)
  )
}

describe('the products of a collection', () => {
  it('are those that meet all conditions of its rule, whatever they are', async () => {
    const product = await addProduct()
    const top = await insertCategory('Rule top')
    const topId = top.ok ? top.value.category.id : 0
    const below = await insertCategory('Rule below', { parentId: topId })
    const belowId = below.ok ? below.value.category.id : 0
    const paths = new Map<number | undefined, number[]>([
      [undefined, []],
      [topId, [topId]],
      [belowId, [topId, belowId]],
    ])
    const tag = fc.constantFrom('a', 'b', 'c')
    const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
    const bounds = fc.record({ min: some(fc.constantFrom(0, 5)), max: some(fc.constantFrom(5, 9)) })
    const price = bounds
      .filter(({ min, max }) => min !== undefined || max !== undefined)
      .chain((one) => fc.constantFrom('EUR', 'USD').map((code) => ({ ...one, currency: currency(code) })))
    const rules = fc
      .record({
        tags: some(fc.uniqueArray(tag, { minLength: 1 })),
        brands: some(fc.constant<string[]>(['Acme', 'Other'])),
        categoryIds: some(fc.constantFrom<number[]>([topId], [belowId], [topId, belowId])),
        price: some(price),
        inStock: some(fc.boolean()),
        createdWithinDays: some(fc.constantFrom(1, 30)),
      })
      .filter((rule) => Object.values(rule).some((condition) => condition !== undefined))
    const goods = fc.record({
      tags: fc.uniqueArray(tag),
      brand: fc.constantFrom('Acme', 'Nobody', null),
      price: fc.constantFrom(0, 4, 5, 6, 9, 10),
      currency: fc.constantFrom('EUR', 'USD'),
      inStock: fc.boolean(),
      ageDays: fc.constantFrom(0, 1, 29, 30, 31),
      categoryId: fc.constantFrom(undefined, topId, belowId),
    })
    await fc.assert(
      fc.asyncProperty(rules, fc.array(goods, { minLength: 1, maxLength: 4 }), async (rule, many) => {
        const collection = await add({ rule })
        for (const one of many) {
          expect(await isIn(collection, one, product.id)).toBe(meets(rule, one, paths.get(one.categoryId) ?? []))
        }
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  it('are those that staff listed, for a manual one', async () => {
    const [listed, other] = [await addProduct(), await addProduct()]
    const collection = await add({ productIds: [listed.id] })
    const goods = {
      tags: [],
      brand: null,
      price: 1,
      currency: 'USD',
      inStock: false,
      ageDays: 0,
      categoryId: undefined,
    }
    expect(await isIn(collection, goods, listed.id)).toBe(true)
    expect(await isIn(collection, goods, other.id)).toBe(false)
  })
})

describe('a declared attribute', () => {
  const material = { key: 'material', label: 'Material', type: 'list', isFilterable: true, createdAt: NOW } as const

  it('is read back, changed and withdrawn in one round trip each, with an event', async () => {
    database().resetCounts()
    const values = ['Cotton', 'a "b", {c}']
    const saved = await attributes().insert({ ...material, values })
    if (!saved.ok) throw new Error(saved.failure.code)
    const { attribute } = saved.value
    const { id } = attribute
    expect(await attributes().find(id)).toEqual(attribute)
    const change = (version: number) => ({ decidedFrom: { id, version }, updatedAt: later(version) })
    const fields = { label: 'Fabric', values: ['Silk'], isFilterable: false }
    await attributes().update(change(1), fields)
    expect(database().counts().roundTrips).toBe(3)
    expect(await attributes().find(id)).toEqual({ ...attribute, ...fields, updatedAt: later(1), version: 2 })
    expect(await attributes().update(change(1), fields)).toBeUndefined()
    expect(await attributes().delete(change(1))).toBeUndefined()
    expect(await attributes().delete(change(2))).toBeDefined()
    const listed = await eventsOf(`attribute:${id}`)
    expect(listed.map(({ type, sequence }) => [type, sequence])).toEqual([
      ['attribute.created', 1],
      ['attribute.updated', 2],
      ['attribute.deleted', 3],
    ])
    expect(listed.every(isWellFormed)).toBe(true)
  })

  it('has a key of its own, also when raced, and may be declared again', async () => {
    const weight = { ...material, key: 'weight', type: 'number', values: null } as const
    const raced = await Promise.all(Array.from({ length: 4 }, () => attributes().insert(weight)))
    const [won, ...others] = raced.filter((one) => one.ok)
    expect(others).toEqual([])
    expect(raced.filter((one) => !one.ok)).toMatchObject(
      Array.from({ length: 3 }, () => ({ failure: { code: 'attribute_key_taken', key: 'weight' } })),
    )
    if (!won?.ok) throw new Error('No attribute')
    await attributes().delete({ decidedFrom: won.value.attribute, updatedAt: later(1) })
    expect(await attributes().insert(weight)).toMatchObject({ ok: true })
  })

  it('is listed page by page, by key', async () => {
    for (const key of ['zebra', 'zulu']) await attributes().insert({ ...material, key, values: ['x'] })
    expect((await attributes().list({ after: 'zebra', limit: 5 })).map(({ key }) => key)).toEqual(['zulu'])
    expect((await attributes().list({ after: undefined, limit: 100 })).map(({ key }) => key)).toContain('zebra')
  })
})

describe('a category that a rule names', () => {
  it('may be deleted; then nothing meets the rule', async () => {
    const saved = await insertCategory('Named')
    if (!saved.ok) throw new Error(saved.failure.code)
    const { category } = saved.value
    const collection = await add({ rule: { categoryIds: [category.id] } })
    expect(await categories().delete({ decidedFrom: category, deletedAt: NOW })).toMatchObject({ ok: true })
    const goods = { tags: [], brand: null, price: 1, currency: 'USD', inStock: true, ageDays: 0, categoryId: undefined }
    expect(await isIn(collection, goods, (await addProduct()).id)).toBe(false)
  })
})
