import { currency } from '@shop/kernel/currencies'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProductFilters } from '../../src/search/domain/filters.ts'
import type { ListOrder } from '../../src/search/domain/position.ts'
import { addCategory, addGoods, type Goods } from '../support/sql-goods.ts'
import { useDatabase } from './use-database.ts'

const { database, search } = useDatabase()

/** Words that are their own stems, so that the model needs no stemmer. */
const WORDS = ['oak', 'oval', 'lamp', 'lamb', 'desk', 'blue', 'tent', 'red']
const BRANDS = ['Nord', 'Süd', "O'Neil"]
const TAGS = ['sale', 'new']
const COLORS = ['red', 'blue', 'red, blue']
const SIZES = ['S', 'M']
const WOODS = ['oak', 'pine']
const CURRENCIES = ['USD', 'EUR'] as const
const COUNT = 240
/** The newest, the cheapest, the dearest, the first by name and the best selling: lists do not find the others by looking through a window. */
const FILLING = 640

/** Paths of categories: two trees, one of them three deep. */
let paths: number[][] = []
let goods: (Goods & { id: number })[] = []
let admin: pg.Client

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const some = <T>(values: readonly T[], max: number) => fc.uniqueArray(fc.constantFrom(...values), { maxLength: max })
const words = (min: number, max: number) =>
  fc.array(fc.constantFrom(...WORDS), { minLength: min, maxLength: max }).map((list) => list.join(' '))

const someGoods = (categoryIds: number[]): fc.Arbitrary<Goods> =>
  fc.record({
    name: words(1, 3),
    description: words(0, 3),
    brand: maybe(fc.constantFrom(...BRANDS)),
    tags: some(TAGS, 2),
    status: fc.constantFrom('active', 'active', 'active', 'draft', 'archived'),
    attributes: fc.record(
      { wood: some(WOODS, 2), secret: fc.constantFrom(...WOODS), foldable: fc.boolean() },
      { requiredKeys: [] },
    ),
    categoryIds: some(categoryIds, 2),
    createdAt: fc
      .integer({ min: 0, max: 20 })
      .map((second) => new Date(1_700_000_000_000 + second * 1000).toISOString()),
    variants: fc.uniqueArray(
      fc.record({
        options: fc.record({ color: fc.constantFrom(...COLORS), size: fc.constantFrom(...SIZES) }),
        price: fc.integer({ min: 0, max: 30 }).map((amount) => amount * 100),
        currency: fc.constantFrom(...CURRENCIES),
        available: fc.constantFrom(0, 0, 3),
        sold: fc.integer({ min: 0, max: 5 }),
        isDeleted: fc.constantFrom(false, false, false, true),
        sellsBelowZero: fc.constantFrom(false, false, false, true),
      }),
      { minLength: 1, maxLength: 3, selector: ({ options }) => JSON.stringify(options) },
    ),
  }) as fc.Arbitrary<Goods>

beforeAll(async () => {
  admin = new pg.Client({ connectionString: database().adminUrl })
  await admin.connect()
  await admin.query(`
    insert into catalog.attributes (key, label, type, values, is_filterable, created_at, updated_at) values
    ('wood', 'Wood', 'list', '{oak,pine}', true, now(), now()), ('secret', 'Secret', 'text', null, false, now(), now()),
    ('foldable', 'Foldable', 'boolean', null, true, now(), now())`)
  const top = await addCategory(admin, 'Top')
  const middle = await addCategory(admin, 'Middle', top)
  paths = [top, middle, await addCategory(admin, 'Leaf', middle), await addCategory(admin, 'Other')]
  const given = fc.sample(someGoods(paths.map((path) => path.at(-1) ?? 0)), { numRuns: COUNT, seed: 7 })
  const filling = Array.from({ length: FILLING }, (_, n) => ({
    name: 'aaa',
    createdAt: '2026-01-01T00:00:00.000Z',
    variants: [{ price: n % 2 === 0 ? 0 : 1_000_000, currency: CURRENCIES[n % 3] ?? 'USD', sold: 99 }],
  }))
  const all: Goods[] = [...given, ...filling]
  const ids = await addGoods(admin, all)
  goods = all.map((one, index) => ({ ...one, id: ids[index] ?? 0 }))
  await admin.query('vacuum analyze')
})
afterAll(() => admin.end())

type Product = (typeof goods)[number]
type Filters = ProductFilters & { categoryIndex?: number | undefined }

const present = ({ variants }: Product) => variants.filter(({ isDeleted }) => !isDeleted)
const priceOf = (product: Product, code: string) => {
  const prices = present(product).flatMap((variant) => (variant.currency === code ? [variant.price] : []))
  return prices.length === 0 ? undefined : Math.min(...prices)
}
const soldOf = ({ variants }: Product) => variants.reduce((sum, { sold = 0 }) => sum + sold, 0)
const isInStock = (product: Product) => present(product).some((one) => (one.available ?? 0) > 0 || one.sellsBelowZero)
const categoriesOf = ({ categoryIds = [] }: Product) =>
  new Set(categoryIds.flatMap((id) => paths.find((path) => path.at(-1) === id) ?? []))
const optionsOf = (product: Product, name: string) =>
  new Set(present(product).map(({ options }) => options?.[name] ?? ''))
const attributeOf = ({ attributes = {} }: Product, key: string) =>
  key === 'secret' || attributes[key] === undefined ? [] : [attributes[key]].flat().map(String)
const textOf = ({ name, description = '', brand = '', tags = [], categoryIds = [] }: Product) => {
  const names = categoryIds.map(
    (id) => ['Top', 'Middle', 'Leaf', 'Other'][paths.findIndex((path) => path.at(-1) === id)],
  )
  return [name, description, brand, ...tags, ...names]
    .join(' ')
    .normalize('NFD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .split(/[^a-z]+/)
}

function hasText(product: Product, text: string): boolean {
  const asked = text.split(' ')
  const last = asked.pop() ?? ''
  const all = textOf(product)
  return (
    asked.every((word) => all.includes(word)) &&
    all.some((word) => (last.length > 1 ? word.startsWith(last) : word === last))
  )
}

/** What each filter asks, by the name of its facet. */
function checksOf(filters: Filters): Record<string, (product: Product) => boolean> {
  const { search: text, brands, tags, price, options = [], attributes = [] } = filters
  const code = filters.currency ?? 'USD'
  const category = paths[filters.categoryIndex ?? -1]?.at(-1)
  return {
    ...(text && { search: (product) => hasText(product, text) }),
    ...(category && { category: (product) => categoriesOf(product).has(category) }),
    ...(brands && { brand: ({ brand }) => brand !== undefined && brands.includes(brand) }),
    ...(tags && { tag: (product) => tags.some((tag) => product.tags?.includes(tag)) }),
    ...(price && {
      price: (product) => {
        const amount = priceOf(product, code)
        return amount !== undefined && amount >= (price.min ?? 0) && amount <= (price.max ?? Number.POSITIVE_INFINITY)
      },
    }),
    ...(filters.currency && { currency: (product) => priceOf(product, code) !== undefined }),
    ...(filters.isInStock !== undefined && { in_stock: (product) => isInStock(product) === filters.isInStock }),
    ...Object.fromEntries(
      options.map(({ name, values }) => [
        `option.${name}`,
        (product: Product) => values.some((value) => optionsOf(product, name).has(value)),
      ]),
    ),
    ...Object.fromEntries(
      attributes.map(({ name, values }) => [
        `attribute.${name}`,
        (product: Product) => values.some((value) => attributeOf(product, name).includes(value)),
      ]),
    ),
  }
}

function model(filters: Filters, without?: string): Product[] {
  const checks = Object.entries(checksOf(filters)).filter(([name]) => name !== without)
  return goods.filter((product) => product.status === 'active' && checks.every(([, isMet]) => isMet(product)))
}

const compare = (one: string | number, other: string | number) => (one < other ? -1 : one > other ? 1 : 0)
function sorted(products: Product[], order: ListOrder, code: string): number[] {
  const price = (product: Product) => priceOf(product, code) ?? Number.NaN
  const by: Partial<Record<ListOrder, (one: Product, other: Product) => number>> = {
    newest: (one, other) => compare(other.createdAt ?? '', one.createdAt ?? '') || other.id - one.id,
    price: (one, other) => price(one) - price(other) || one.id - other.id,
    '-price': (one, other) => price(other) - price(one) || other.id - one.id,
    name: (one, other) => compare(one.name, other.name) || one.id - other.id,
    best_selling: (one, other) => soldOf(other) - soldOf(one) || other.id - one.id,
  }
  const isPriced = order === 'price' || order === '-price'
  const listed = isPriced ? products.filter((product) => !Number.isNaN(price(product))) : products
  const inOrder = by[order]
  return (inOrder === undefined ? listed : listed.toSorted(inOrder)).map(({ id }) => id)
}

const filters: fc.Arbitrary<Filters> = fc.record(
  {
    search: fc.oneof(words(1, 2), fc.constantFrom('la', 'o', 'lam', 'ta', 'bl', 'oak o', 'nord', 'sud', 'middle')),
    categoryIndex: fc.integer({ min: 0, max: 3 }),
    brands: some(BRANDS, 2).filter(({ length }) => length > 0),
    tags: some(TAGS, 2).filter(({ length }) => length > 0),
    price: fc.record(
      { min: fc.integer({ min: 0, max: 3_000 }), max: fc.integer({ min: 0, max: 3_000 }) },
      { requiredKeys: [] },
    ),
    isInStock: fc.boolean(),
    options: some(['color', 'size'], 2).chain((names) =>
      fc.tuple(
        ...names.map((name) =>
          some(name === 'color' ? COLORS : SIZES, 2)
            .filter(({ length }) => length > 0)
            .map((values) => ({ name, values })),
        ),
      ),
    ),
    attributes: fc.constantFrom(
      [],
      [{ name: 'wood', values: ['oak'] }],
      [{ name: 'wood', values: ['oak', 'pine'] }],
      [{ name: 'foldable', values: ['true'] }],
      [{ name: 'secret', values: ['oak'] }],
      [{ name: 'nothing', values: ['oak'] }],
    ),
    currency: fc.constantFrom(...CURRENCIES.map((code) => currency(code))),
  },
  { requiredKeys: [] },
)

/** The model of short text is in another test: it begins the name. */
const isComparable = ({ search: text }: Filters) =>
  text === undefined || (text.length > 2 && model({ search: text }).length > 0)

const toQuery = ({ categoryIndex, ...rest }: Filters): ProductFilters => ({
  ...rest,
  ...(categoryIndex === undefined ? {} : { category: ['top', 'middle', 'leaf', 'other'][categoryIndex] }),
})

async function allPages(query: ProductFilters, order: ListOrder, limit: number): Promise<number[]> {
  const seen: number[] = []
  for (let after: Parameters<ReturnType<typeof search>['list']>[0]['after']; ; ) {
    const { products } = await search().list({ filters: query, order, limit, after })
    seen.push(...products.map(({ id }) => id))
    after = products.at(-1)?.position
    if (products.length < limit) return seen
  }
}

describe('a list of products by any filters', () => {
  it('has exactly the active products that meet all of them, in order and once each', async () => {
    const order = fc.constantFrom<ListOrder>('newest', 'price', '-price', 'name', 'relevance', 'best_selling')
    await fc.assert(
      fc.asyncProperty(
        filters.filter(isComparable),
        order,
        fc.constantFrom(15, 100, 300),
        async (given, asked, limit) => {
          const named = asked === 'relevance' && given.search === undefined ? 'newest' : asked
          const expected = sorted(model(given), named, given.currency ?? 'USD')
          const seen = await allPages(toQuery(given), named, limit)
          if (named === 'relevance') expect(seen.toSorted()).toEqual(expected.toSorted())
          else expect(seen).toEqual(expected)
        },
      ),
      { numRuns: 150 },
    )
  })

  it('is counted with any filters and sort, with facets or without', async () => {
    const order = fc.constantFrom<ListOrder>('newest', 'price', '-price', 'name', 'relevance', 'best_selling')
    await fc.assert(
      fc.asyncProperty(filters.filter(isComparable), order, fc.boolean(), async (given, asked, withFacets) => {
        const named = asked === 'relevance' && given.search === undefined ? 'newest' : asked
        const page = await search().list({
          filters: toQuery(given),
          order: named,
          limit: 1,
          withTotal: true,
          withFacets,
          locale: 'de',
        })
        const listed = sorted(model(given), named, given.currency ?? 'USD')
        expect(page.total).toEqual({ count: listed.length, isExact: true })
      }),
      { numRuns: 100 },
    )
  })

  it('has exact facets, each without its own filter, and an exact total', async () => {
    await fc.assert(
      fc.asyncProperty(filters.filter(isComparable), async (given) => {
        const page = await search().list({
          filters: toQuery(given),
          order: 'newest',
          limit: 1,
          withFacets: true,
          withTotal: true,
        })
        expect(page.total).toEqual({ count: model(given).length, isExact: true })
        expect(readable(page.facets)).toEqual(facetsOf(given))
      }),
      { numRuns: 150 },
    )
  })

  it('never has a draft or an archived product, by any text', async () => {
    const hidden = new Set(goods.filter(({ status }) => status !== 'active').map(({ id }) => id))
    const text = fc.oneof(
      fc.string({ maxLength: 30 }),
      words(1, 3),
      fc.constantFrom('-oak', '"oak', 'oak or -lamp', '!', '*'),
    )
    await fc.assert(
      fc.asyncProperty(filters, text, async (given, searched) => {
        const query = { ...toQuery(given), search: searched.replaceAll('\0', '') || 'oak' }
        for (const order of ['newest', 'price', 'name', 'best_selling'] as const) {
          const { products } = await search().list({ filters: query, order, limit: 300 })
          expect(products.filter(({ id }) => hidden.has(id))).toEqual([])
        }
      }),
      { numRuns: 60 },
    )
  })
})

type Counts = Record<string, number>
const counts = (values: Iterable<string>): Counts => {
  const counted: Counts = {}
  for (const value of values) counted[value] = (counted[value] ?? 0) + 1
  return counted
}

/** The facets in a form that does not depend on the order of equal counts. */
function readable(facets: Awaited<ReturnType<ReturnType<typeof search>['list']>>['facets']) {
  if (facets === undefined) return undefined
  const of = (values: { value: string; count: number }[]) =>
    Object.fromEntries(values.map(({ value, count }) => [value, count]))
  return {
    categories: Object.fromEntries(facets.categories.map(({ id, count }) => [id, count])),
    brands: of(facets.brands),
    options: Object.fromEntries(facets.options.map(({ name, values }) => [name, of(values)]).filter(hasValues)),
    attributes: Object.fromEntries(facets.attributes.map(({ key, values }) => [key, of(values)])),
    inStock: facets.inStock,
    prices: facets.prices && [
      facets.prices.min,
      facets.prices.max,
      facets.prices.ranges.reduce((sum, { count }) => sum + count, 0),
    ],
    isApproximate: facets.isApproximate,
  }
}
const hasValues = (entry: (string | Counts)[]) => Object.keys(entry[1] ?? {}).length > 0

function facetsOf(given: Filters) {
  const of = (facet: string, values: (product: Product) => Iterable<string>) =>
    counts(model(given, facet).flatMap((product) => [...new Set(values(product))]))
  const prices = model(given, 'price').flatMap((product) => priceOf(product, given.currency ?? 'USD') ?? [])
  return {
    categories: of('category', (product) => [...categoriesOf(product)].map(String)),
    brands: of('brand', ({ brand }) => (brand === undefined ? [] : [brand])),
    options: Object.fromEntries(
      ['color', 'size']
        .map((name) => [name, of(`option.${name}`, (product) => optionsOf(product, name))])
        .filter(hasValues as never),
    ),
    attributes: Object.fromEntries(
      ['foldable', 'wood']
        .map((key) => [key, of(`attribute.${key}`, (product) => attributeOf(product, key))])
        .filter(hasValues as never),
    ),
    inStock: model(given, 'in_stock').filter(isInStock).length,
    prices: prices.length === 0 ? undefined : [Math.min(...prices), Math.max(...prices), prices.length],
    isApproximate: false,
  }
}
