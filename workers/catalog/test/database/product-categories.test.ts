import { describe, expect, it } from 'vitest'
import type { Category } from '../../src/categories/domain/category.ts'
import type { Product } from '../../src/products/domain/product.ts'
import type { FoundProduct } from '../../src/search/repository/index.ts'
import { aProduct, inCategory, later, NOW, useDatabase } from './use-database.ts'

const { addProduct, categories, database, eventsOf, insertCategory, listProducts, products } = useDatabase()

async function addCategory(name: string, parent?: Category): Promise<Category> {
  const saved = await insertCategory(name, { parentId: parent?.id ?? null })
  if (!saved.ok) throw new Error(saved.failure.code)
  return saved.value.category
}

const ofIds = (...ids: number[]) => ({ categories: { named: undefined, ids, keptIds: [] } })
const idsIn = async (category: string) => (await listProducts({ filters: { category }, limit: 50 })).map(({ id }) => id)
const named = async (name: string) => (await categories().tree()).filter((category) => category.name === name)
const found = async ({ id }: Product) => products().find(id)
const GONE = Number.MAX_SAFE_INTEGER

describe('the category that a product names', () => {
  it('is found without regard to case, spaces or Unicode form, at any depth', async () => {
    const top = await addCategory('Drinks')
    const category = await addCategory('Café', top)
    for (const name of ['Café', 'CAFÉ', 'Cafe\u0301', 'caf\u200bé']) {
      const product = await addProduct({ category: name })
      expect(product).toMatchObject({ category: 'Café', categoryIds: [category.id] })
      expect(await found(product)).toEqual(product)
    }
    expect(await named('Café')).toHaveLength(1)
  })

  it('is made at the top of the tree when it is new, with its event, in the round trip of the product', async () => {
    database().resetCounts()
    const product = await addProduct({ category: 'Brand new' })
    expect(database().counts().roundTrips).toBe(1)
    const [category] = await named('Brand new')
    expect(category).toMatchObject({ parentId: null, slug: 'brand-new', path: [category?.id], version: 1 })
    expect(product).toMatchObject({ category: 'Brand new', categoryIds: [category?.id] })
    expect(await eventsOf(`category:${category?.id ?? 0}`)).toMatchObject([
      { type: 'category.created', sequence: 1, payload: { categoryId: category?.id, parentId: null }, createdAt: NOW },
    ])
    const updated = await products().update({
      product,
      fields: { categories: inCategory('Brand newer') },
      version: 1,
      updatedAt: later(1),
    })
    expect(updated?.product).toMatchObject({ category: 'Brand newer', version: 2 })
    expect(await found(product)).toEqual(updated?.product)
  })

  it('is made once when many products name it at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const name = `Raced ${round}`
      const added = await Promise.all(Array.from({ length: 8 }, () => addProduct({ category: name })))
      const [category, ...others] = await named(name)
      expect(others).toEqual([])
      for (const product of added) expect(product).toMatchObject({ category: name, categoryIds: [category?.id] })
      expect((await idsIn(name)).sort()).toEqual(added.map(({ id }) => id).sort())
      expect(await eventsOf(`category:${category?.id ?? 0}`)).toHaveLength(1)
    }
  })

  it('has a slug of its own, also when several of one slug are made at once', async () => {
    const names = ['Same slug', 'Same, slug', 'Same slug!', '(Same) slug']
    await Promise.all(names.map((category) => addProduct({ category })))
    const made = (await categories().tree()).filter(({ slug }) => slug.startsWith('same-slug'))
    expect(made.map(({ slug }) => slug).sort()).toEqual(
      ['same-slug', 'same-slug-2', 'same-slug-3', 'same-slug-4'].sort(),
    )
  })

  it('shows its new name after it was renamed', async () => {
    const product = await addProduct({ category: 'Old name' })
    const [category] = await named('Old name')
    const decidedFrom = await categories().find(category?.id ?? 0)
    if (decidedFrom === undefined) throw new Error('No category')
    const fields = { ...decidedFrom, name: 'New name' }
    await categories().update({ fields, placement: undefined, decidedFrom, updatedAt: NOW })
    expect(await found(product)).toMatchObject({ category: 'New name' })
    expect(await products().quote([{ productId: product.id }])).toMatchObject({ named: [[{ category: 'New name' }]] })
  })
})

describe('the categories of a product', () => {
  it('keep their order, the first one being the primary one', async () => {
    const [a, b] = [await addCategory('Order a'), await addCategory('Order b')]
    const product = await addProduct(ofIds(b.id, a.id))
    expect(product).toMatchObject({ category: 'Order b', categoryIds: [b.id, a.id] })
    const update = { product, updatedAt: later(1) }
    const turned = await products().update({ ...update, version: 1, fields: ofIds(a.id, b.id) })
    expect(turned?.product).toMatchObject({ category: 'Order a', categoryIds: [a.id, b.id] })
    const both = { categories: inCategory('Order first', [b.id]) }
    const first = await products().update({ ...update, version: 2, fields: both })
    expect(first?.product).toMatchObject({ category: 'Order first', categoryIds: [expect.any(Number), b.id] })
    expect(await found(product)).toEqual(first?.product)
    const none = await products().update({ ...update, version: 3, fields: ofIds() })
    expect(none?.product).toMatchObject({ category: null, categoryIds: [] })
    expect(await idsIn('Order b')).toEqual([])
  })

  it('stay as they are when other fields change', async () => {
    const product = await addProduct({ category: 'Stays' })
    const updated = await products().update({ product, fields: { name: 'Other' }, updatedAt: later(1) })
    expect(updated?.product).toMatchObject({ category: 'Stays', categoryIds: product.categoryIds })
  })

  it('all exist, or nothing is written', async () => {
    const refused = { failure: { code: 'category_not_found', categoryId: GONE } }
    const { product } = await products().insert({ ...aProduct(), ...ofIds() })
    const wanted = { categories: inCategory('Never made', [GONE]) }
    expect(await products().tryInsert({ ...aProduct(), ...wanted })).toMatchObject(refused)
    const update = { product, fields: { ...wanted, name: 'Never' }, version: 1, updatedAt: later(1) }
    expect(await products().tryUpdate(update)).toMatchObject(refused)
    expect(await named('Never made')).toEqual([])
    expect(await found(product)).toEqual(product)
  })

  it('are those of one of several writers at once', async () => {
    const product = await addProduct({ category: 'Contested' })
    const names = ['Contested a', 'Contested b', 'Contested c']
    const update = { product, version: 1, updatedAt: later(1) }
    const saved = await Promise.all(
      names.map((name) => products().update({ ...update, fields: { categories: inCategory(name) } })),
    )
    const winners = saved.filter((one) => one !== undefined)
    expect(winners).toHaveLength(1)
    expect(await found(product)).toEqual(winners[0]?.product)
    const lists = await Promise.all(names.map(idsIn))
    expect(lists.flat()).toEqual([product.id])
  })

  it('lose a category that is deleted; the next one becomes the primary one', async () => {
    const [a, b] = [await addCategory('Lost a'), await addCategory('Lost b')]
    const product = await addProduct(ofIds(a.id, b.id))
    await categories().delete({ decidedFrom: a, deletedAt: NOW })
    expect(await found(product)).toEqual({ ...product, category: 'Lost b', categoryIds: [b.id] })
  })

  it('are right whether a category is deleted just before or just after', async () => {
    for (let round = 0; round < 8; round += 1) {
      const category = await addCategory(`Deleted ${round}`)
      const byName = { ...aProduct(), categories: inCategory(category.name) }
      const [, byId, product] = await Promise.all([
        categories().delete({ decidedFrom: category, deletedAt: NOW }),
        products().tryInsert({ ...aProduct(), ...ofIds(category.id) }),
        products().insert(byName),
      ])
      if (byId.ok) expect((await found(byId.value.product))?.categoryIds).toEqual([])
      else expect(byId.failure).toEqual({ code: 'category_not_found', categoryId: category.id })
      const read = await found(product.product)
      expect((await named(category.name)).map(({ id }) => id)).toEqual(read?.categoryIds)
    }
  })
})

describe('the list of a category', () => {
  it('has the products of all categories below it, each once, in one round trip', async () => {
    const top = await addCategory('List top')
    const [left, right] = [await addCategory('List left', top), await addCategory('List right', top)]
    const deep = await addCategory('List deep', left)
    const inTop = await addProduct({ ...ofIds(top.id), createdAt: later(1) })
    const inDeep = await addProduct({ ...ofIds(deep.id), createdAt: later(2) })
    const inBoth = await addProduct({ ...ofIds(right.id, deep.id, top.id), createdAt: later(3) })
    expect(await idsIn('List top')).toEqual([inBoth.id, inDeep.id, inTop.id])
    expect(await idsIn('list left')).toEqual([inBoth.id, inDeep.id])
    database().resetCounts()
    expect(await idsIn('LIST RIGHT')).toEqual([inBoth.id])
    expect(database().counts().roundTrips).toBe(1)
    await products().delete({ id: inBoth.id, archivedAt: NOW })
    expect(await idsIn('List top')).toEqual([inDeep.id, inTop.id])
  })

  it('follows a category that moves', async () => {
    const [from, to] = [await addCategory('Moves from'), await addCategory('Moves to')]
    const moving = await addCategory('Moves', from)
    const product = await addProduct(ofIds(moving.id))
    const move = { fields: moving, placement: { parentId: to.id }, decidedFrom: moving, updatedAt: NOW }
    expect(await categories().update(move)).toMatchObject({ ok: true })
    expect([await idsIn('Moves from'), await idsIn('Moves to')]).toEqual([[], [product.id]])
  })

  it('is named by its slug, or by the name that several may have', async () => {
    const [men, women] = [await addCategory('Men'), await addCategory('Women')]
    const [mens, womens] = [await addCategory('Boots & more', men), await addCategory('Boots & more', women)]
    const [a, b] = [await addProduct(ofIds(mens.id)), await addProduct(ofIds(womens.id))]
    expect((await idsIn('boots & MORE')).sort()).toEqual([a.id, b.id].sort())
    expect([await idsIn(mens.slug), await idsIn(womens.slug.toUpperCase())]).toEqual([[a.id], [b.id]])
    expect(await idsIn('no such category')).toEqual([])
  })

  it('has no gap or repeat, with products in several categories and while more are added', async () => {
    const top = await addCategory('Paged top')
    const below = await Promise.all(['a', 'b', 'c'].map((name) => addCategory(`Paged ${name}`, top)))
    const expected: number[] = []
    for (let n = 0; n < 30; n += 1) {
      const ids = below.filter((_, index) => (n >> index) % 2 === 0).map(({ id }) => id)
      const product = await addProduct({ ...ofIds(...ids), createdAt: later(Math.floor(n / 4)) })
      if (ids.length > 0) expected.unshift(product.id)
    }
    const seen: number[] = []
    let after: FoundProduct | undefined
    do {
      const page: FoundProduct[] = await listProducts({
        filters: { category: top.slug },
        after: after?.position,
        limit: 4,
      })
      seen.push(...page.map(({ id }) => id))
      after = page.at(-1)
      await addProduct({ ...ofIds(top.id), createdAt: later(1_000) })
    } while (after !== undefined)
    expect(seen).toEqual(expected)
  })

  it('is searched in, with all that is below it', async () => {
    const top = await addCategory('Searched top')
    const below = await addCategory('Searched below', top)
    const product = await addProduct({ ...ofIds(below.id), name: 'Zebra finch' })
    await addProduct({ name: 'Zebra crossing' })
    for (const search of ['zebra', 'ze', 'z', 'finch']) {
      expect(
        (await listProducts({ filters: { category: 'Searched top', search }, limit: 5 })).map(({ id }) => id),
      ).toEqual([product.id])
    }
  })
})
