import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProductFilters } from '../../src/search/domain/filters.ts'
import { orderOf } from '../../src/search/domain/position.ts'
import type { FoundProduct } from '../../src/search/repository/index.ts'
import { addCategory, addGoods, type Goods } from '../support/sql-goods.ts'
import { inCategory, later, useDatabase } from './use-database.ts'

const { addProduct, database, listProducts, products, project, search, availableOf } = useDatabase()

let admin: pg.Client
beforeAll(async () => {
  admin = new pg.Client({ connectionString: database().adminUrl })
  await admin.connect()
})
afterAll(() => admin.end())

let shelves = 0

/** Adds products that only this test finds, by their tag, and returns how to look for them. */
async function shelf(goods: Partial<Goods>[]) {
  shelves += 1
  const tag = `shelf${shelves}`
  const ids = await addGoods(
    admin,
    goods.map((one) => ({ name: 'Thing', variants: [{ price: 100 }], ...one, tags: [...(one.tags ?? []), tag] })),
  )
  const found = async (filters: ProductFilters, order: Parameters<typeof listProducts>[0]['order'] = 'newest') =>
    listProducts({ filters: { ...filters, tags: [tag] }, order })
  /** The numbers of the products that are found, from 0, in the order in which they were added. */
  const numbersOf = async (text: string) =>
    (await found({ search: text })).map(({ id }) => ids.indexOf(id)).toSorted((one, other) => one - other)
  return { tag, ids, found, numbersOf }
}

describe('the list of products', () => {
  it('has no gap or repeat while products are added', async () => {
    const category = 'paged'
    const expected: number[] = []
    for (let n = 0; n < 25; n += 1) {
      // Five share each instant, so that the id decides.
      expected.unshift((await addProduct({ category, createdAt: later(Math.floor(n / 5)) })).id)
    }
    const seen: number[] = []
    let after: FoundProduct | undefined
    do {
      const page: FoundProduct[] = await listProducts({ filters: { category }, after: after?.position, limit: 4 })
      seen.push(...page.map((product) => product.id))
      after = page.at(-1)
      await addProduct({ category, createdAt: later(1_000) })
    } while (after !== undefined)
    expect(seen).toEqual(expected)
  })

  it('applies category, search and position together over one connection', async () => {
    const filters = { category: 'combined', search: 'tea' }
    const [first, second] = [
      await addProduct({ category: 'combined', name: 'Tea pot', createdAt: later(1) }),
      await addProduct({ category: 'combined', name: 'Tea cup', createdAt: later(2) }),
    ]
    await addProduct({ category: 'other', name: 'Tea towel', createdAt: later(3) })
    await addProduct({ category: 'combined', name: 'Mug', createdAt: later(4) })
    const newest = await listProducts({ filters, limit: 10 })
    expect(newest.map(({ id }) => id)).toEqual([second.id, first.id])
    const next = await listProducts({ filters, after: newest[0]?.position, limit: 10 })
    expect(next.map(({ id }) => id)).toEqual([first.id])
    expect((await listProducts({ filters, limit: 1 })).map(({ id }) => id)).toEqual([second.id])
  })

  it('takes one round trip, with facets and a total too', async () => {
    database().resetCounts()
    await search().list({ filters: {}, order: 'newest', limit: 3 })
    await search().list({ filters: { search: 'tea' }, order: 'relevance', limit: 3, withFacets: true, withTotal: true })
    await search().suggest('tea', { limit: 5 })
    expect(database().counts().roundTrips).toBe(3)
  })

  it('of a manual collection is in its own order, page by page, and may be sorted', async () => {
    const { ids } = await shelf([{ name: 'B' }, { name: 'A', status: 'draft' }, { name: 'C' }, { name: 'D' }])
    const order = [ids[2], ids[1], ids[0], ids[3]]
    await admin.query(
      `with made as (
         insert into catalog.collections (name, slug, kind, created_at, updated_at) values ('By hand', 'by-hand', 'manual', now(), now())
         returning id)
       insert into catalog.collection_products (collection_id, product_id, position)
       select made.id, product, place from made, unnest($1::bigint[]) with ordinality listed (product, place)`,
      [order],
    )
    const filters = { collection: 'by-hand' }
    const first = await listProducts({ filters, order: 'by_hand', limit: 2 })
    expect(first.map(({ id }) => id)).toEqual([ids[2], ids[0]])
    const next = await listProducts({ filters, order: 'by_hand', after: first.at(-1)?.position, limit: 2 })
    expect(next.map(({ id }) => id)).toEqual([ids[3]])
    expect((await listProducts({ filters, order: 'name' })).map(({ name }) => name)).toEqual(['B', 'C', 'D'])
    const { rows } = await admin.query("select id from catalog.collections where slug = 'by-hand'")
    expect(await listProducts({ filters: { collection: String(rows[0].id) }, order: 'by_hand' })).toHaveLength(3)
    expect(await listProducts({ filters: { collection: 'no such collection' }, order: 'by_hand' })).toEqual([])
  })

  it.each([
    ['tags', { rule_tags: ['rule a'] }, [0, 1]],
    ['brands', { rule_brands: ['Rule'] }, [2]],
    ['a price', { rule_currency: 'BHD', rule_price_min: 10, rule_price_max: 20 }, [3]],
    ['stock and tags', { rule_tags: ['rule a'], rule_in_stock: false }, [1]],
    ['age and brands', { rule_brands: ['Rule'], rule_created_within_days: 1 }, []],
  ])('of a collection with a rule by %s has what meets it, newest first', async (name, rule, expected) => {
    const slug = `rule-${name.replaceAll(' ', '-')}`
    const { ids, tag } = await shelf([
      { tags: ['rule a'], createdAt: '2026-01-01T00:00:02Z' },
      { tags: ['rule a'], createdAt: '2026-01-01T00:00:01Z', variants: [{ price: 1, available: 0 }] },
      { brand: 'Rule', createdAt: '2026-01-01T00:00:00Z' },
      { variants: [{ price: 15, currency: 'BHD' }] },
      { variants: [{ price: 25, currency: 'BHD' }] },
    ])
    const columns = Object.keys(rule)
    await admin.query(
      `insert into catalog.collections (name, slug, kind, created_at, updated_at, ${columns.join()})
       values ('Rule', $1, 'rule', now(), now(), ${columns.map((_, index) => `$${index + 2}`).join()})`,
      [slug, ...Object.values(rule)],
    )
    const found = await listProducts({ filters: { collection: slug, tags: [tag] }, order: 'by_hand' })
    expect(found.map(({ id }) => ids.indexOf(id))).toEqual(expected)
  })

  it('sorted by price goes on by the prices of its first page', async () => {
    const { ids, tag, found } = await shelf([100, 200, 300, 400].map((price) => ({ variants: [{ price }] })))
    const filters = { tags: [tag] }
    const first = await listProducts({ filters, order: 'price', limit: 2 })
    const reprice = (id: number | undefined, price: number) =>
      admin.query('update catalog.variants set price = $2 where product_id = $1', [id, price])
    await reprice(ids[0], 1_000)
    await reprice(ids[3], 50)
    await reprice(ids[3], 60)
    const next = await listProducts({ filters, order: 'price', after: first.at(-1)?.position, limit: 9 })
    expect([...first, ...next].map(({ id }) => id)).toEqual(ids)
    expect((await found({}, 'price')).map(({ id }) => id)).toEqual([ids[3], ids[1], ids[2], ids[0]])
  })
})

describe('a search', () => {
  it.each([
    ['100% wool', '100%'],
    ['snake_case', 'e_c'],
    ['back\\slash', 'k\\s'],
    ["it's", "t's"],
    ['say "hi"', '"HI'],
  ])('finds %s by %s, with no character as a wildcard', async (name, text) => {
    const { numbersOf } = await shelf([{ name }, { name: '1000 wool snakeXcase backslash Armel' }])
    expect(await numbersOf(text)).toEqual([0])
  })

  it('finds words of name, brand, tags, category, SKU and description in any order', async () => {
    const [category] = await addCategory(admin, 'Sundries')
    const { numbersOf } = await shelf([
      {
        name: 'Coffee',
        description: 'A maker of espresso',
        brand: 'Aurora',
        tags: ['Gift idea'],
        categoryIds: [category ?? 0],
        variants: [{ price: 1, sku: 'CM-100/x' }],
      },
    ])
    for (const text of [
      'maker coffee',
      'AURORA gift',
      'sundries espresso',
      'idea maker aurora',
      'cm-100/X',
      'CM 100',
      'coffees makers',
    ]) {
      expect([text, await numbersOf(text)]).toEqual([text, [0]])
    }
    expect(await numbersOf('coffee tea')).toEqual([])
  })

  it('takes the last word for a beginning, and quotes, or and minus for operators', async () => {
    const { numbersOf } = await shelf([{ name: 'Blue tea pot' }, { name: 'Tea for two, blue' }, { name: 'Kettle' }])
    expect(await numbersOf('blue te')).toEqual([0, 1])
    expect(await numbersOf('"tea pot"')).toEqual([0])
    expect(await numbersOf('kettle or pot')).toEqual([0, 2])
    expect(await numbersOf('tea -pot')).toEqual([1])
    expect(await numbersOf('-pot')).toEqual([0])
  })

  it.each(['Café', 'Café', 'CAFÉ', 'cafe', 'Cafe'])('finds Café in both Unicode forms by %s', async (text) => {
    const { numbersOf } = await shelf([{ name: 'Café noir' }, { name: 'Café au lait' }, { name: 'Tea' }])
    expect(await numbersOf(text)).toEqual([0, 1])
  })

  it('finds Chinese words within text without spaces, and other scripts by their beginning', async () => {
    const { numbersOf } = await shelf([{ name: '景德镇茶壺套裝' }, { name: 'Чайник' }, { name: 'إبريق شاي' }])
    expect(await numbersOf('茶壺套')).toEqual([0])
    expect(await numbersOf('чайн')).toEqual([1])
    expect(await numbersOf('شاي')).toEqual([2])
  })

  it('by relevance has names before labels, and labels before descriptions', async () => {
    const { ids, found } = await shelf([
      { description: 'Goes with a quillon' },
      { name: 'Quillon' },
      { brand: 'Quillon' },
    ])
    expect((await found({ search: 'quillon' }, 'relevance')).map(({ id }) => ids.indexOf(id))).toEqual([1, 2, 0])
  })

  it('that finds nothing takes its words for parts of words', async () => {
    const { found } = await shelf([{ name: 'Zyropress' }])
    expect(await found({ search: 'ropress' })).toMatchObject([{ name: 'Zyropress', isCorrected: false }])
  })

  it('that still finds nothing is corrected to the most similar words, and says so', async () => {
    const { found } = await shelf([{ name: 'Wanderlust backpack', description: 'Not for sale' }])
    expect(await found({ search: 'wanderlost bakpack' })).toMatchObject([
      { name: 'Wanderlust backpack', isCorrected: true },
    ])
    expect(await found({ search: 'wanderlust' })).toMatchObject([{ isCorrected: false }])
    expect(await found({ search: 'qqqq' })).toEqual([])
    // The most similar word is a stop word.
    expect(await found({ search: 'wanderlust nothing' })).toEqual([])
  })

  it('is answered quickly for any text, and finds nothing by it', async () => {
    const texts = [
      '&|!<->():*'.repeat(20),
      '%_'.repeat(100),
      '"'.repeat(200),
      '-'.repeat(199),
      '\u202e\u200f',
      '👩‍🍳'.repeat(20),
      "''::tsquery",
      'a:*&b',
      '\\',
    ]
    for (const text of texts) {
      const startedAt = performance.now()
      await listProducts({ filters: { search: text }, order: orderOf('relevance', { search: text }) })
      await search().suggest(text, { limit: 5 })
      expect(performance.now() - startedAt).toBeLessThan(2_000)
    }
  })
})

describe('what a product is found by', () => {
  it('changes with the product, its categories and its stock, in the same statement', async () => {
    const product = await addProduct({ name: 'Gyroscope', category: 'Instruments', openingStock: 1 })
    const numberOf = async (filters: ProductFilters) => (await listProducts({ filters })).length
    expect([await numberOf({ search: 'gyroscope' }), await numberOf({ search: 'instruments' })]).toEqual([1, 1])
    await products().update({
      product,
      fields: { name: 'Astrolabe', categories: inCategory('Antiques') },
      updatedAt: later(1),
    })
    const texts = ['gyroscope', 'instruments', 'astrolabe', 'antiques']
    expect(await Promise.all(texts.map((text) => numberOf({ search: text })))).toEqual([0, 0, 1, 1])
    await admin.query("update catalog.categories set name = 'Curiosities' where name = 'Antiques'")
    expect([await numberOf({ search: 'antiques' }), await numberOf({ search: 'curiosities' })]).toEqual([0, 1])
    expect(await numberOf({ search: 'astrolabe', isInStock: true })).toBe(1)
    await project([{ variantId: product.variantId, available: 0, sequence: 1, low: [] }])
    expect([await availableOf(product), await numberOf({ search: 'astrolabe', isInStock: true })]).toEqual([0, 0])
    await products().delete({ id: product.id, archivedAt: later(2) })
    expect(await numberOf({ search: 'astrolabe' })).toBe(0)
  })

  it('catches up with the name of a category of many products, and with one that was deleted', async () => {
    const [categoryId = 0] = await addCategory(admin, 'Barometers')
    const { tag, ids } = await shelf(Array.from({ length: 600 }, () => ({ name: 'Glass', categoryIds: [categoryId] })))
    const numberOf = async (search: string) =>
      (await listProducts({ filters: { search, tags: [tag] }, limit: 700 })).length
    const catchUp = async () => {
      const written = []
      do written.push(await search().catchUp('en', 400))
      while (written.at(-1) !== 0)
      return written
    }
    expect(await numberOf('barometers')).toBe(ids.length)
    await admin.query("update catalog.categories set name = 'Hygrometers' where name = 'Barometers'")
    expect(await catchUp()).toEqual([400, 200, 0])
    expect([await numberOf('barometers'), await numberOf('hygrometers')]).toEqual([0, ids.length])
    await admin.query("delete from catalog.categories where name = 'Hygrometers'")
    expect(await catchUp()).toEqual([400, 200, 0])
    expect(await numberOf('hygrometers')).toBe(0)
  })

  it('keeps both changes when its text and its stock change at once', async () => {
    for (let n = 0; n < 10; n += 1) {
      const product = await addProduct({ name: `Before ${n}`, openingStock: 1 })
      await Promise.all([
        products().update({ product, fields: { name: `Simultaneous ${n}` }, updatedAt: later(1) }),
        project([{ variantId: product.variantId, available: 0, sequence: 1, low: [] }]),
      ])
    }
    expect(await listProducts({ filters: { search: 'simultaneous', isInStock: false } })).toHaveLength(10)
  })

  it('is searched in the language of the settings, once they have changed', async () => {
    const { numbersOf } = await shelf([{ name: 'Häuser am See' }])
    expect(await numbersOf('haus')).toEqual([0])
    expect(await search().catchUp('de-CH', 5)).toBeGreaterThan(0)
    while ((await search().catchUp('de-CH', 500)) > 0);
    expect(await search().catchUp('de-CH', 500)).toBe(0)
    const { rows } = await admin.query(
      "select count(*)::int as other from catalog.product_search where config <> 'german'",
    )
    expect(rows).toEqual([{ other: 0 }])
    expect(await numbersOf('am haus see')).toEqual([0])
    while ((await search().catchUp('en', 500)) > 0);
  })
})

describe('a translated product', () => {
  const translations = { de: { name: 'Handgefertigte Häuser', description: 'Für Vögel' }, fr: { name: 'Nichoir' } }
  const house = { name: 'Birdhouse', description: 'Made of wood', translations }

  it('is found by the words of the language, stemmed as they are in it, and by those of the default one', async () => {
    const { tag, ids } = await shelf([house, { name: 'Hausschuh' }, { name: 'Birdhouse of a draft', status: 'draft' }])
    const found = async (text: string, locale?: string) => {
      const products = await listProducts({ filters: { search: text, tags: [tag] }, locale })
      return products.map(({ id, isCorrected }) => [ids.indexOf(id), isCorrected])
    }
    expect(await found('haus vogel', 'de')).toEqual([[0, false]])
    expect(await found('handgefertigtes', 'de')).toEqual([[0, false]])
    expect(await found('birdhouses', 'de')).toEqual([[0, false]])
    expect(await found('nichoir', 'fr')).toEqual([[0, false]])
    expect(await found('birdhous')).toEqual([[0, false]])
    expect(await found('vögel -wood', 'de')).toEqual([])
    expect(await found('handgefertigd häuser', 'de')).toEqual([[0, true]])
  })

  it('is no longer found by a translation that was taken away', async () => {
    const product = await addProduct({ name: 'Kettle', translations: { de: { name: 'Wasserkocher' } } })
    const found = async () => (await listProducts({ filters: { search: 'wasserkocher' }, locale: 'de' })).length
    expect(await found()).toBe(1)
    await products().update({ product, fields: { translations: {} }, updatedAt: later(1) })
    expect(await found()).toBe(0)
  })

  it('is suggested by its name in the language', async () => {
    await addProduct({ name: 'Corkscrew', translations: { de: { name: 'Korkenzieher' } } })
    const names = async (text: string, locale?: string) =>
      (await search().suggest(text, { limit: 5, locale })).products.map(({ name }) => name)
    expect(await names('korkenz', 'de')).toEqual(['Korkenzieher'])
    expect(await names('corkscr', 'de')).toEqual(['Korkenzieher'])
    expect(await names('corkscr')).toEqual(['Corkscrew'])
    expect(await names('corkscr', 'fr')).toEqual(['Corkscrew'])
  })
})

describe('suggestions', () => {
  it('are products and categories with words that begin so, and brands that do', async () => {
    await addCategory(admin, 'Sextants')
    await shelf([
      { name: 'Brass sextant', brand: 'Sexton & Sons', createdAt: '2026-01-02T00:00:00Z' },
      { name: 'Sextet', brand: 'Sexton & Sons', createdAt: '2026-01-01T00:00:00Z' },
      { name: 'Sextant of a draft', brand: 'Sextile', status: 'draft' },
      { name: 'Kettle', description: 'Not a sextant', brand: 'A sextant' },
    ])
    const suggested = await search().suggest('Sext', { limit: 5 })
    expect(suggested.products.map(({ name }) => name)).toEqual(['Brass sextant', 'Sextet'])
    expect(suggested.categories.map(({ name }) => name)).toEqual(['Sextants'])
    expect(suggested.brands).toEqual(['Sexton & Sons'])
    expect((await search().suggest('brass sex', { limit: 5 })).products.map(({ name }) => name)).toEqual([
      'Brass sextant',
    ])
    expect(await search().suggest('☕', { limit: 5 })).toEqual({ products: [], categories: [], brands: [] })
  })
})

describe('the best selling products', () => {
  it('are those of which most units were sold, all variants together', async () => {
    const [few, many, none] = [await addProduct(), await addProduct(), await addProduct()]
    const ids = [few, many, none].map(({ id }) => id)
    const inOrder = async () =>
      (await listProducts({ order: 'best_selling', limit: 1_000 })).map(({ id }) => id).filter((id) => ids.includes(id))
    const sell = (product: typeof few, sold: number, sequence: number) =>
      project([{ variantId: product.variantId, available: 1, sequence, sold, low: [] }])
    await sell(few, 1, 1)
    await sell(many, 2, 1)
    expect(await inOrder()).toEqual([many.id, few.id, none.id])
    // Units that are returned count no more, and a report that is late changes nothing.
    await sell(many, 0, 3)
    await sell(many, 5, 2)
    expect(await inOrder()).toEqual([few.id, none.id, many.id])
    await project([{ variantId: few.variantId, available: 9, sequence: 2, low: [] }])
    expect(await inOrder()).toEqual([few.id, none.id, many.id])
    await products().delete({ id: few.id, archivedAt: later(1) })
    expect(await inOrder()).toEqual([none.id, many.id])
  })

  it('counts every sale when two variants are sold at once', async () => {
    const [id = 0] = await addGoods(admin, [
      { name: 'Pair', variants: Array.from({ length: 8 }, (_, n) => ({ price: 1, options: { size: String(n) } })) },
    ])
    const { rows } = await admin.query<{ id: string }>('select id from catalog.variants where product_id = $1', [id])
    for (let sequence = 1; sequence <= 10; sequence += 1) {
      await Promise.all(
        rows.map((row) => project([{ variantId: Number(row.id), available: 1, sequence, sold: sequence, low: [] }])),
      )
    }
    const sales = await admin.query('select sold from catalog.product_sales where product_id = $1', [id])
    expect(sales.rows).toEqual([{ sold: '80' }])
  })
})
