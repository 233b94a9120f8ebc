import type { Db } from '@shop/db/client'
import type { Result } from '@shop/kernel/result'
import pMap from 'p-map'
import { attributeRepository } from '../../workers/catalog/src/attributes/repository.ts'
import { type CategoryRepository, categoryRepository } from '../../workers/catalog/src/categories/repository/index.ts'
import { collectionRepository } from '../../workers/catalog/src/collections/repository/index.ts'
import { newProduct } from '../../workers/catalog/src/products/domain/new-product.ts'
import { productRepository } from '../../workers/catalog/src/products/repository/index.ts'
import { slugOf } from '../../workers/catalog/src/slugs/slug-of.ts'
import { DEMO_CURRENCY, DEMO_LOCALES } from './products.ts'
import { ATTRIBUTES, RANGE, type RangeProduct } from './range.ts'

const CONCURRENCY = 6

type Seeded = {
  /** Ids of the top categories by name. */
  topIds: ReadonlyMap<string, number>
  /** Products for the collection that is made by hand. */
  chosenIds: readonly number[]
  /** The products of the range are older, each by a minute, so that lists begin with the others. */
  before: Date
}

/**
 * Adds the range: products with options in categories three deep, declared attributes, and two collections.
 *
 * @returns how many products
 */
export async function seedRange(db: Db, { topIds, chosenIds, before }: Seeded): Promise<number> {
  const createdAt = before
  const declared = await pMap(ATTRIBUTES, async (attribute) => {
    const values = attribute.values && [...attribute.values]
    return succeeded(await attributeRepository(db).insert({ ...attribute, values, createdAt })).attribute
  })
  const categoryIdOf = await seedCategories(categoryRepository(db), topIds, createdAt)
  const add = async ({ draft, categories }: RangeProduct, index: number) => {
    const decided = succeeded(newProduct(draft, { declared, defaultCurrency: DEMO_CURRENCY, locales: DEMO_LOCALES }))
    await productRepository(db)
      .insert({
        ...decided,
        slug: slugOf(draft, 'product'),
        categories: { named: undefined, ids: [categoryIdOf(categories)], keptIds: [] },
        createdAt: new Date(before.getTime() - (RANGE.length - index) * 60_000),
      })
      .then(succeeded)
  }
  await pMap(RANGE, add, { concurrency: CONCURRENCY })
  await seedCollections(db, chosenIds, createdAt)
  return RANGE.length
}

/** @returns the id of the last category of a tree */
async function seedCategories(categories: CategoryRepository, topIds: ReadonlyMap<string, number>, createdAt: Date) {
  const ids = new Map<string, number>(topIds)
  const add = async (name: string, path: string, parent: string) => {
    const parentId = ids.get(parent)
    if (parentId === undefined) throw new Error(`There is no category ${parent}`)
    if (ids.has(path)) return
    const slug = slugOf({ name }, 'category')
    const saved = await categories.insert({ name, slug, parentId, metadata: {}, createdAt })
    ids.set(path, succeeded(saved).category.id)
  }
  for (const {
    categories: [top, middle, last],
  } of RANGE) {
    await add(middle, `${top}/${middle}`, top)
    await add(last, `${top}/${middle}/${last}`, `${top}/${middle}`)
  }
  return (path: RangeProduct['categories']) => ids.get(path.join('/')) ?? 0
}

async function seedCollections(db: Db, chosenIds: readonly number[], createdAt: Date): Promise<void> {
  const collections = collectionRepository(db)
  const add = async (name: string, content: { rule: { tags: string[] } | null; productIds: readonly number[] }) =>
    succeeded(
      await collections.insert({ name, slug: slugOf({ name }, 'collection'), metadata: {}, createdAt, ...content }),
    )
  await add('Staff picks', { rule: null, productIds: chosenIds })
  await add('On sale', { rule: { tags: ['sale'] }, productIds: [] })
}

export function succeeded<T>(result: Result<T, { code: string }>): T {
  if (!result.ok) throw new Error(`The demo shop was refused: ${JSON.stringify(result.failure)}`)
  return result.value
}
