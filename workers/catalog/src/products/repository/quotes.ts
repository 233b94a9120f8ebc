import type { VariantRequired } from '@shop/contracts/catalog/failures'
import type { VariantRef } from '@shop/contracts/catalog/rpc'
import type { Db } from '@shop/db/client'
import { products, variants } from '@shop/db/schema/catalog'
import { categories, collections, productCategories } from '@shop/db/schema/catalog-groups'
import { productSearch } from '@shop/db/schema/catalog-search'
import { eq, sql } from 'drizzle-orm'
import { isMember } from '../../collections/repository/members.ts'
import { subjectAt } from '../../search/repository/parts.ts'
import { TERMS } from '../../stock/repository/terms.ts'
import type { Quotable } from '../domain/quote-of.ts'
import { categoryColumns, PRODUCT_ID } from './categories.ts'
import { IS_ACTIVE } from './reads.ts'
import { withCurrency } from './row.ts'
import { toPrices } from './variants.ts'

/** What references name. */
export type Quoted = {
  /** For each reference, what it names of what is for sale: of a product with several variants, two of them. */
  named: Quotable[][]
  /** All variants of the first reference that names several. */
  choices: VariantRequired['variants']
}

export function productQuotes(db: Db) {
  const quoteRefs = quoteStatement(db)
  return {
    /**
     * Prices and names, by the references in the order asked for.
     *
     * @param collectionIds of the collections that matter
     */
    async quote(refs: VariantRef[], collectionIds: readonly number[] = []): Promise<Quoted> {
      const rows = await quoteRefs.execute({
        variantIds: refs.map((ref) => ('variantId' in ref ? ref.variantId : null)),
        skus: refs.map((ref) => ('sku' in ref ? ref.sku : null)),
        productIds: refs.map((ref) => ('productId' in ref ? ref.productId : null)),
        collectionIds,
      })
      const named = refs.map((): Quotable[] => [])
      for (const { place, choices, ...quote } of rows) named[place - 1]?.push(withCurrency(quote))
      return { named, choices: rows.find(({ choices }) => choices !== null)?.choices ?? [] }
    },
  }
}

/**
 * The variants that each reference names; of a product with several variants only two, since that is enough to refuse it.
 * An index serves each way to name one: the primary key, variants_sku and variants_of_product.
 */
const FOUND = sql`
  select asked.place, named.id as variant_id, named.product_id
  from unnest(
    ${sql.placeholder('variantIds')}::bigint[], ${sql.placeholder('skus')}::text[], ${sql.placeholder('productIds')}::bigint[]
  ) with ordinality as asked (variant_id, sku, product_id, place)
  cross join lateral (
    (select v.id, v.product_id from ${variants} v where v.id = asked.variant_id and v.deleted_at is null)
    union all
    (select v.id, v.product_id from ${variants} v where v.sku = asked.sku and v.deleted_at is null)
    union all
    (select v.id, v.product_id from ${variants} v where v.product_id = asked.product_id and v.deleted_at is null limit 2)
  ) named
  join ${products} on ${products.id} = named.product_id and ${IS_ACTIVE}`

/** The first reference that names several variants. */
const SEVERAL = sql`
  select place, product_id from found group by place, product_id having count(*) > 1 order by place limit 1`

/** On its rows, all variants of that product: one list, however many products of an order have several. */
const CHOICES = sql<VariantRequired['variants'] | null>`(
  select json_agg(json_build_object('id', v.id, 'sku', v.sku, 'options', v.options) order by v.position, v.id)
  from several join ${variants} v on v.product_id = several.product_id and v.deleted_at is null
  where several.place = found.place)`

/** With those above them. */
const CATEGORY_IDS = sql<number[]>`array(
  select distinct unnest(category.path)
  from ${productCategories} listed join ${categories} category on category.id = listed.category_id
  where listed.product_id = ${PRODUCT_ID} order by 1)`.mapWith(toNumbers)

/** As a collection lists its products. */
const COLLECTION_IDS = sql<number[]>`array(
  select collection.id from ${collections} collection, ${productSearch} s
  where collection.id = any (${sql.placeholder('collectionIds')}::bigint[]) and s.product_id = ${PRODUCT_ID}
    and ${isMember(subjectAt(sql`now()`), sql`now()`)}
  order by collection.id)`.mapWith(toNumbers)

function toNumbers(ids: string[]): number[] {
  return ids.map(Number)
}

function quoteStatement(db: Db) {
  const place = sql<number>`place`.mapWith(Number).as('place')
  const found = db.$with('found', { place }).as(FOUND)
  const several = db.$with('several', {}).as(SEVERAL)
  return db
    .with(found, several)
    .select({
      place: found.place,
      choices: CHOICES,
      productId: products.id,
      variantId: variants.id,
      sku: variants.sku,
      options: variants.options,
      name: products.name,
      category: categoryColumns.category,
      imageUrl: products.imageUrl,
      price: variants.price,
      compareAtPrice: variants.compareAtPrice,
      currency: variants.currency,
      prices: sql`${variants.prices}`.mapWith(toPrices),
      type: products.type,
      taxCategory: products.taxCategory,
      shippingClass: products.shippingClass,
      weightGrams: variants.weightGrams,
      categoryIds: CATEGORY_IDS,
      collectionIds: COLLECTION_IDS,
      maxPerOrder: products.maxPerOrder,
      available: variants.available,
      stock: TERMS,
    })
    .from(found)
    .innerJoin(variants, eq(variants.id, sql`found.variant_id`))
    .innerJoin(products, eq(products.id, variants.productId))
    .prepare('quote_variants')
}
