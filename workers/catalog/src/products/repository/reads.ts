import type { Db } from '@shop/db/client'
import { productSlugs, products, variants } from '@shop/db/schema/catalog'
import { aliasedTable, desc, eq, sql } from 'drizzle-orm'
import type { Attribute } from '../../attributes/domain/attribute.ts'
import { declaredAttributes } from '../../attributes/repository.ts'
import { nameKey } from '../../categories/domain/name-key.ts'
import type { Variant } from '../../variants/domain/variant.ts'
import type { Product, ProductStatus } from '../domain/product.ts'
import type { ProductPosition } from '../domain/product-cursor.ts'
import { type SearchKind, searchKind } from '../domain/search.ts'
import { categoryColumns, PRODUCT_ID, WANTED } from './categories.ts'
import { foundBy, IS_ACTIVE, type ListScope, listed, newestOf, searchValues } from './search.ts'
import { toVariant, type VariantJson, variantJson, variantsJson } from './variants.ts'

/** All present variants of a product, in order. */
const VARIANTS = variantsJson(sql`from ${variants} v where v.product_id = ${PRODUCT_ID} and v.deleted_at is null`)

/** The columns of a product and its variants, by the names of {@link Product}. */
const columns = {
  id: products.id,
  name: products.name,
  slug: products.slug,
  description: products.description,
  status: products.status,
  archivedAt: products.archivedAt,
  brand: products.brand,
  type: products.type,
  tags: products.tags,
  taxCategory: products.taxCategory,
  shippingClass: products.shippingClass,
  attributes: products.attributes,
  seo: products.seo,
  options: products.options,
  metadata: products.metadata,
  ...categoryColumns,
  imageUrl: products.imageUrl,
  maxPerOrder: products.maxPerOrder,
  variants: sql`${VARIANTS}`.mapWith((rows: VariantJson[]) => rows.map(toVariant)),
  createdAt: products.createdAt,
  updatedAt: products.updatedAt,
  version: products.version,
}

export type ProductQuery = {
  /** The slug of a category, or the name of some; what is below them is included. */
  category?: string | undefined
  search?: string | undefined
  /** Default: active. */
  status?: ProductStatus | undefined
  /** The last product of the previous page. */
  after?: ProductPosition | undefined
  limit: number
}

export type VariantOfProduct = Variant & { productId: number }

/** Reads of products. Each query is built once per connection. */
export function productReads(db: Db) {
  const findById = findStatement(db)
  const findBySku = findBySkuStatement(db)
  const findBySlug = findBySlugStatement(db)
  const lists = new Map<string, ListStatement>()
  return {
    /** Also one that is not for sale. */
    async find(id: number): Promise<Product | undefined> {
      const [product] = await findById.execute({ id })
      return product
    },

    /** Finds a product, and the declarations of attributes that are to be checked with it, in one round trip. */
    async findWithAttributes(
      id: number,
      keys: readonly string[],
    ): Promise<{ product: Product | undefined; declared: Attribute[] }> {
      if (keys.length === 0) {
        const [product] = await findById.execute({ id })
        return { product, declared: [] }
      }
      const byId = db.select(columns).from(products).where(eq(products.id, id))
      const [[product], declared] = await db.batch([byId, declaredAttributes(db, keys)])
      return { product, declared }
    },

    /** The present variant with an SKU; none where there is none, or its product is not for sale and has to be. */
    async findBySku(sku: string, { isForSale }: { isForSale: boolean }): Promise<VariantOfProduct[]> {
      const rows = await findBySku.execute({ sku, isForSale })
      return rows.map(({ productId, variant }) => ({ productId, ...variant }))
    },

    /** The product that has a slug, else the one that had it last. */
    async findBySlug(slug: string, { isForSale }: { isForSale: boolean }): Promise<Product | undefined> {
      const [product] = await findBySlug.execute({ slug, isForSale })
      return product
    },

    /**
     * Products newest first, by keyset over (created_at, id).
     *
     * Served by the indexes products_newest and, for a category, product_categories_newest. A search uses products_search too, or
     * products_initial or products_initials if its text has no trigram.
     */
    async list({ category, search, status = 'active', after, limit }: ProductQuery): Promise<Product[]> {
      const shape: ListShape = {
        status,
        search: search === undefined ? undefined : searchKind(search),
        isOfCategory: category !== undefined,
        isLaterPage: after !== undefined,
      }
      const key = JSON.stringify(shape)
      const list = lists.get(key) ?? listStatement(db, shape)
      lists.set(key, list)
      return list.execute({
        category: category === undefined ? undefined : nameKey(category),
        ...(search === undefined ? {} : searchValues(search)),
        createdAt: after?.createdAt.toISOString(),
        id: after?.id,
        limit,
      })
    },
  }
}

/** Which optional conditions a list has. */
type ListShape = ListScope & { search: SearchKind | undefined }
type ListStatement = ReturnType<typeof listStatement>

const LIMIT = sql.placeholder('limit')

function listStatement(db: Db, { search, ...scope }: ListShape) {
  const found = search === undefined ? newestOfCategory(scope) : foundBy(search, scope)
  if (found !== undefined) {
    return db
      .select(columns)
      .from(found)
      .innerJoin(products, eq(products.id, sql`found.id`))
      .orderBy(sql`found.created_at desc`, sql`found.id desc`)
      .limit(LIMIT)
      .prepare('find_products')
  }
  return db
    .select(columns)
    .from(products)
    .where(listed(scope))
    .orderBy(desc(products.createdAt), desc(products.id))
    .limit(LIMIT)
    .prepare('list_products')
}

/** As `found (id, created_at)`; undefined for a list of all products. */
function newestOfCategory(scope: ListScope) {
  return scope.isOfCategory ? sql`(with ${WANTED} ${newestOf(scope, sql`${LIMIT}::int`)}) found` : undefined
}

function findStatement(db: Db) {
  return db
    .select(columns)
    .from(products)
    .where(eq(products.id, sql.placeholder('id')))
    .prepare('find_product')
}

function findBySkuStatement(db: Db) {
  const v = aliasedTable(variants, 'v')
  return db
    .select({ productId: v.productId, variant: sql`${variantJson}`.mapWith(toVariant) })
    .from(v)
    .innerJoin(products, eq(products.id, v.productId))
    .where(
      sql`v.sku = ${sql.placeholder('sku')}::text and v.deleted_at is null
        and (${IS_ACTIVE} or not ${sql.placeholder('isForSale')}::boolean)`,
    )
    .prepare('find_variant_by_sku')
}

function findBySlugStatement(db: Db) {
  const slug = sql`${sql.placeholder('slug')}::text`
  const hasIt = sql`${products.slug} = ${slug}`
  const had = sql`(select earlier.product_id from ${productSlugs} earlier where earlier.slug = ${slug})`
  return db
    .select(columns)
    .from(products)
    .where(
      sql`(${hasIt} or ${products.id} = ${had}) and (${IS_ACTIVE} or not ${sql.placeholder('isForSale')}::boolean)`,
    )
    .orderBy(sql`${hasIt} desc`)
    .limit(1)
    .prepare('find_product_by_slug')
}
