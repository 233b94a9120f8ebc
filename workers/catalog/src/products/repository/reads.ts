import type { Db } from '@shop/db/client'
import { productSlugs, products, variants } from '@shop/db/schema/catalog'
import { aliasedTable, eq, sql } from 'drizzle-orm'
import type { Attribute } from '../../attributes/domain/attribute.ts'
import { declaredAttributes } from '../../attributes/repository.ts'
import type { Variant } from '../../variants/domain/variant.ts'
import type { Product } from '../domain/product.ts'
import { categoryColumns, PRODUCT_ID } from './categories.ts'
import { toVariant, type VariantJson, variantJson, variantsJson } from './variants.ts'

/** All present variants of a product, in order. */
const VARIANTS = variantsJson(sql`from ${variants} v where v.product_id = ${PRODUCT_ID} and v.deleted_at is null`)

/** The columns of a product and its variants, by the names of {@link Product}. */
export const productColumns = {
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
  translations: products.translations,
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

export type VariantOfProduct = Variant & { productId: number }

/** Reads of products. Each query is built once per connection. */
export function productReads(db: Db) {
  const findById = findStatement(db)
  const findBySku = findBySkuStatement(db)
  const findBySlug = findBySlugStatement(db)
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
      const byId = db.select(productColumns).from(products).where(eq(products.id, id))
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
  }
}

/** Written as text, since a partial index serves only a condition that has no parameter. */
export const IS_ACTIVE = sql`${products.status} = 'active'`

function findStatement(db: Db) {
  return db
    .select(productColumns)
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
    .select(productColumns)
    .from(products)
    .where(
      sql`(${hasIt} or ${products.id} = ${had}) and (${IS_ACTIVE} or not ${sql.placeholder('isForSale')}::boolean)`,
    )
    .orderBy(sql`${hasIt} desc`)
    .limit(1)
    .prepare('find_product_by_slug')
}
