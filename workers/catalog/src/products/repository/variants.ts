import { variants } from '@shop/db/schema/catalog'
import type { CurrencyCode } from '@shop/kernel/currencies'
import { type SQL, sql } from 'drizzle-orm'
import type { NewVariant, Variant } from '../../variants/domain/variant.ts'

/** A variant as {@link variantJson} makes it. */
export type VariantJson = Pick<Variant, 'id' | 'position' | 'sku' | 'barcode' | 'options' | 'price' | 'metadata'> & {
  compare_at_price: number | null
  currency: string
  weight_grams: number | null
  inventory_policy: Variant['inventoryPolicy']
  available: number
  opening_stock: number
  stock_sequence: number
  low_stock_threshold: number | null
  low_stock_version: number
}

/** A row `v` of variants as an object of JSON, in which a bigint is a number. */
export const variantJson = sql`json_build_object(
  'id', v.id, 'position', v.position, 'sku', v.sku, 'barcode', v.barcode, 'options', v.options, 'price', v.price,
  'compare_at_price', v.compare_at_price, 'currency', v.currency, 'weight_grams', v.weight_grams,
  'inventory_policy', v.inventory_policy, 'metadata', v.metadata, 'available', v.available,
  'opening_stock', v.opening_stock, 'stock_sequence', v.stock_sequence, 'low_stock_threshold', v.low_stock_threshold, 'low_stock_version', v.low_stock_version)`

/** All rows `v` of a FROM clause as one array of JSON, in order. */
export const variantsJson = (from: SQL): SQL =>
  sql`(select coalesce(json_agg(${variantJson} order by v.position, v.id), '[]'::json) ${from})`

export function toVariant(json: VariantJson): Variant {
  const { id, position, sku, barcode, options, price, metadata, available } = json
  return {
    ...{ id, position, sku, barcode, options, price, metadata, available },
    compareAtPrice: json.compare_at_price,
    // Only a CurrencyCode is ever written to the column.
    currency: json.currency as CurrencyCode,
    weightGrams: json.weight_grams,
    inventoryPolicy: json.inventory_policy,
    openingStock: json.opening_stock,
    stockSequence: json.stock_sequence,
    lowStockThreshold: json.low_stock_threshold,
    lowStockVersion: json.low_stock_version,
  }
}

/** How the variants of a product are changed. */
export type VariantWrites = {
  added?: readonly NewVariant[] | undefined
  /** As they are to be. */
  changed?: readonly Variant[] | undefined
  removedId?: number | undefined
  /** The variant of `changed` whose low-stock threshold is written. */
  thresholdOf?: number | undefined
}

/** The unique index that refuses two present variants of one SKU. */
export const VARIANT_SKUS = 'variants_sku'

/** The CTE `taken (sku)`: an SKU that another variant has. Nothing must be written then. */
export function takenSku({ added = [], changed = [] }: VariantWrites): SQL {
  const skus = [...added, ...changed].flatMap(({ sku }) => (sku === null ? [] : [sku]))
  const ids = changed.map(({ id }) => id)
  return sql`taken as (
    select v.sku from ${variants} v
    where v.sku = any (${sql.param(skus)}::text[]) and v.deleted_at is null and v.id <> all (${sql.param(ids)}::bigint[])
    limit 1)`
}

const RECORD = sql`(
  id bigint, position int, sku text, barcode text, options jsonb, price bigint, compare_at_price bigint, currency text,
  weight_grams int, inventory_policy text, metadata jsonb, opening bigint, low_stock_threshold bigint)`

function recordOf(variant: NewVariant & Partial<Pick<Variant, 'id'>>) {
  const { id, position, sku, barcode, options, price, currency, metadata } = variant
  return {
    ...{ id, position, sku, barcode, options, price, currency, metadata },
    compare_at_price: variant.compareAtPrice,
    weight_grams: variant.weightGrams,
    inventory_policy: variant.inventoryPolicy,
    opening: variant.openingStock,
    low_stock_threshold: variant.lowStockThreshold,
  }
}

const recordset = (all: readonly Parameters<typeof recordOf>[0][]) =>
  sql`jsonb_to_recordset(${JSON.stringify(all.map(recordOf))}::jsonb) as next ${RECORD}`

/**
 * Adds variants to the product of the CTE `product`, with ids in their order. Sequence 0 is the opening stock: the first level
 * that the stock object projects replaces what is available.
 */
export const insertVariants = (added: readonly NewVariant[]): SQL => sql`
  insert into ${variants} (
    product_id, position, sku, barcode, options, price, compare_at_price, currency, weight_grams, inventory_policy, metadata,
    opening_stock, available, stock_sequence, low_stock_threshold, low_stock_version)
  select product.id, next.position, next.sku, next.barcode, next.options, next.price, next.compare_at_price, next.currency,
         next.weight_grams, next.inventory_policy, next.metadata, next.opening, next.opening, 0, next.low_stock_threshold,
         case when next.low_stock_threshold is null then 0 else 1 end
  from product, ${recordset(added)} order by next.position
  returning *`

const updateVariants = (changed: readonly Variant[], thresholdOf: number | undefined): SQL => sql`
  update ${variants} v
  set position = next.position, sku = next.sku, barcode = next.barcode, options = next.options, price = next.price,
      compare_at_price = next.compare_at_price, currency = next.currency, weight_grams = next.weight_grams,
      inventory_policy = next.inventory_policy, metadata = next.metadata, low_stock_threshold = next.low_stock_threshold,
      low_stock_version = v.low_stock_version + case when v.id = ${thresholdOf ?? null}::bigint then 1 else 0 end
  from product, ${recordset(changed)}
  where v.id = next.id and v.product_id = product.id and v.deleted_at is null
  returning v.*`

/** CTEs that write the variants of the CTE `product`; `variant` has all that it has afterwards. */
export function writeVariants({ added = [], changed = [], removedId, thresholdOf }: VariantWrites, at: Date): SQL {
  const gone = [...changed.map(({ id }) => id), ...(removedId === undefined ? [] : [removedId])]
  const parts = [
    ...(added.length === 0 ? [] : [sql`added as (${insertVariants(added)})`]),
    ...(changed.length === 0 ? [] : [sql`changed as (${updateVariants(changed, thresholdOf)})`]),
    ...(removedId === undefined
      ? []
      : [
          sql`removed as (
            update ${variants} v set deleted_at = ${at.toISOString()}::timestamptz from product
            where v.id = ${removedId}::bigint and v.product_id = product.id and v.deleted_at is null)`,
        ]),
    sql`variant as (
      select v.* from product join ${variants} v on v.product_id = product.id
      where v.deleted_at is null and v.id <> all (${sql.param(gone)}::bigint[])
      ${added.length === 0 ? sql.empty() : sql`union all select * from added`}
      ${changed.length === 0 ? sql.empty() : sql`union all select * from changed`})`,
  ]
  return sql.join(parts, sql`, `)
}
