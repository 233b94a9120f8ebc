import { describe, expect, it } from 'vitest'
import type { Product } from '../../src/products/domain/product.ts'
import { aProduct, inCategory, later, NOW, useDatabase } from './use-database.ts'

const { addProduct, database, listProducts, products } = useDatabase()

const chosen = (text: string) => ({ slug: { text, isChosen: true } })
const bySlug = (slug: string, isForSale = true) => products().findBySlug(slug, { isForSale })
const move = async ({ id }: Product, slug: string) => {
  const decidedFrom = await products().find(id)
  if (decidedFrom === undefined) throw new Error('No product')
  return products().tryWrite({ decidedFrom, fields: { slug }, updatedAt: later(1) })
}

describe('the slug of a product', () => {
  it('is its own, however many products of one name are made at once', async () => {
    const added = await Promise.all(Array.from({ length: 30 }, () => addProduct({ name: 'Mug & more' })))
    const slugs = added.map(({ slug }) => slug)
    expect(new Set(slugs).size).toBe(30)
    expect(slugs.filter((slug) => slug === 'mug-and-more')).toHaveLength(1)
    for (const product of added) {
      if (product.slug !== 'mug-and-more') expect(product.slug).toBe(`mug-and-more-${product.id}`)
      expect(await bySlug(product.slug)).toEqual(product)
    }
  })

  it('that staff choose is given to one of several products', async () => {
    const tried = await Promise.all([1, 2, 3].map(() => products().tryInsert({ ...aProduct(), ...chosen('chosen') })))
    expect(tried.filter(({ ok }) => ok)).toHaveLength(1)
    for (const one of tried) if (!one.ok) expect(one.failure).toEqual({ code: 'slug_taken', slug: 'chosen' })
    const [a, b] = [await addProduct(), await addProduct()]
    const moved = await Promise.all([move(a, 'moved'), move(b, 'moved')])
    expect(moved.map(({ ok }) => ok).toSorted()).toEqual([false, true])
  })

  it('is found in one round trip, also by those it was before', async () => {
    const product = await addProduct(chosen('first'))
    for (const slug of ['second', 'third', 'second']) expect(await move(product, slug)).toMatchObject({ ok: true })
    database().resetCounts()
    for (const slug of ['first', 'second', 'third']) {
      expect(await bySlug(slug)).toMatchObject({ id: product.id, slug: 'second' })
    }
    expect(database().counts().roundTrips).toBe(3)
  })

  it('leads to the product that has it now, else to the one that had it last', async () => {
    const [a, b] = [await addProduct(chosen('contested')), await addProduct()]
    await move(a, 'a-moved')
    await move(b, 'contested')
    expect(await bySlug('contested')).toMatchObject({ id: b.id })
    await move(b, 'b-moved')
    expect(await bySlug('contested')).toMatchObject({ id: b.id, slug: 'b-moved' })
    await move(a, 'contested')
    expect(await bySlug('contested')).toMatchObject({ id: a.id, slug: 'contested' })
  })

  it('that redirects is not made again from a name', async () => {
    const product = await addProduct({ name: 'Old name' })
    await move(product, 'new-name')
    const other = await addProduct({ name: 'Old name' })
    expect(other.slug).toBe(`old-name-${other.id}`)
  })

  it('is found of a product that is not for sale by staff only', async () => {
    const product = await addProduct({ ...chosen('hidden'), status: 'draft' })
    expect([await bySlug('hidden'), await bySlug('hidden', false)]).toMatchObject([undefined, { id: product.id }])
    expect(await bySlug('none', false)).toBeUndefined()
  })
})

describe('the status of a product', () => {
  const idsIn = async (category: string, status?: Product['status']) =>
    (await listProducts({ filters: { category }, status, limit: 50 })).map(({ id }) => id)

  it('decides where it is listed, in its categories too', async () => {
    const category = 'By status'
    const product = await addProduct({ category })
    const to = async (status: Product['status']) => {
      const decidedFrom = await products().find(product.id)
      if (decidedFrom === undefined) throw new Error('No product')
      const saved = await products().tryWrite({
        decidedFrom,
        fields: { status },
        updatedAt: later(decidedFrom.version),
      })
      expect(saved).toMatchObject({ value: { product: { status } } })
      const lists = await Promise.all((['active', 'draft', 'archived'] as const).map((one) => idsIn(category, one)))
      expect(lists.flat()).toEqual([product.id])
      expect(await idsIn(category, status)).toEqual([product.id])
      return saved
    }
    await to('draft')
    expect(await to('archived')).toMatchObject({ value: { product: { archivedAt: later(2) } } })
    expect(await to('archived')).toMatchObject({ value: { product: { archivedAt: later(2) } } })
    expect(await to('active')).toMatchObject({ value: { product: { archivedAt: null } } })
  })

  it('is kept by a draft that gets categories, and changes with them', async () => {
    const draft = await addProduct({ status: 'draft', category: 'Drafts' })
    expect(await idsIn('Drafts')).toEqual([])
    const fields = { categories: inCategory('Drafts 2') }
    await products().tryWrite({ decidedFrom: draft, fields, updatedAt: NOW })
    expect([await idsIn('Drafts 2'), await idsIn('Drafts 2', 'draft')]).toEqual([[], [draft.id]])
    const again = { categories: inCategory('Drafts 2'), status: 'active' as const }
    await products().tryWrite({ decidedFrom: { ...draft, version: 2 }, fields: again, updatedAt: NOW })
    expect([await idsIn('Drafts 2'), await idsIn('Drafts 2', 'draft')]).toEqual([[draft.id], []])
  })

  it('filters searches of staff', async () => {
    const draft = await addProduct({ name: 'Zebra draft', status: 'draft' })
    const sold = await addProduct({ name: 'Zebra sold' })
    for (const search of ['zebra', 'ze', 'z']) {
      const ids = async (status?: Product['status']) =>
        (await listProducts({ filters: { search }, status, limit: 9 })).map(({ id }) => id)
      expect([await ids(), await ids('draft'), await ids('archived')]).toEqual([[sold.id], [draft.id], []])
    }
  })
})
