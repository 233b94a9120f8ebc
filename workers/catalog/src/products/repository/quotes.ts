import type { VariantRequired } from '@shop/contracts/catalog/failures'
import type { Quote, VariantRef } from '@shop/contracts/catalog/rpc'
import type { Db } from '@shop/db/client'
import { products, variants } from '@shop/db/schema/catalog'
import { eq, sql } from 'drizzle-orm'
import { TERMS } from '../../stock/repository/terms.ts'
import { categoryColumns } from './categories.ts'
import { IS_ACTIVE } from './reads.ts'
import { withCurrency } from './row.ts'

/** What references name. */
export type Quoted = {
  /** For each reference, what it names of what is for sale: of a product with several variants, two of them. */
  named: Quote[][]
  /** All variants of the first reference that names several. */
  choices: VariantRequired['variants']
}

export function productQuotes(db: Db) {
  const quoteRefs = quoteStatement(db)
  return {
    /** Current prices and names, by the references in the order asked for. */
    async quote(refs: VariantRef[]): Promise<Quoted> {
      const rows = await quoteRefs.execute({
        variantIds: refs.map((ref) => ('variantId' in ref ? ref.variantId : null)),
        skus: refs.map((ref) => ('sku' in ref ? ref.sku : null)),
        productIds: refs.map((ref) => ('productId' in ref ? ref.productId : null)),
      })
      const named = refs.map((): Quote[] => [])
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
      currency: variants.currency,
      maxPerOrder: products.maxPerOrder,
      stock: TERMS,
    })
    .from(found)
    .innerJoin(variants, eq(variants.id, sql`found.variant_id`))
    .innerJoin(products, eq(products.id, variants.productId))
    .prepare('quote_variants')
}
