import { eventCtes } from '@shop/db/events/write'
import { catalogEvents } from '@shop/db/schema/catalog'
import { type SQL, sql } from 'drizzle-orm'
import { DISPATCH_AFTER_SECONDS } from '../../events/domain/dispatch.ts'
import { categoryKey, productKey, variantKey } from '../../events/repository.ts'

type ProductEvent = 'product.created' | 'product.updated' | 'product.deleted'

/** `first` is the first of the variants. */
const PRODUCT = sql`'productId', product.id, 'variantId', first.id, 'price', first.price, 'currency', first.currency,
  'variantIds', (select jsonb_agg(variant.id order by variant.position, variant.id) from variant)`

type Changed = {
  /** The variant whose low-stock threshold was written. */
  thresholdOf?: number | undefined
  /** The CTE `made` may have a new category. */
  categories?: boolean
}

/**
 * The CTE `event` for a statement whose CTEs `product` and `variant` are the product and all its variants after the change.
 *
 * @param at the column of `product` with the time of the change
 * @param changed what else the statement changed; `event` has an event for each
 */
export function productEvents(
  type: ProductEvent,
  at: 'created_at' | 'updated_at' | 'archived_at',
  { thresholdOf, categories = false }: Changed = {},
): SQL {
  const time = sql`product.${sql.identifier(at)}`
  const kinds = [
    { type, rows: rowsOf(type, time) },
    ...(thresholdOf === undefined
      ? []
      : [{ type: 'stock.threshold_changed' as const, rows: thresholdRows(thresholdOf, time) }]),
    ...(categories ? [{ type: 'category.created' as const, rows: categoryRows(time) }] : []),
  ]
  return eventCtes(catalogEvents, {
    name: 'event',
    types: kinds.map((kind) => kind.type),
    rows: sql.join(
      kinds.map(({ rows }) => rows),
      sql` union all `,
    ),
    firstAttemptAfterSeconds: DISPATCH_AFTER_SECONDS,
  })
}

const thresholdRows = (variantId: number, time: SQL) => sql`
  select 'stock.threshold_changed', ${variantKey(sql`variant.id`)}, variant.low_stock_version,
         jsonb_build_object('variantId', variant.id), ${time}
  from product, variant where variant.id = ${variantId}::bigint`

/** Another writer that made the category at the same time has written the same event: then it stays one. */
const categoryRows = (time: SQL) => sql`
  select 'category.created', ${categoryKey(sql`made.id`)}, 1, jsonb_build_object('categoryId', made.id, 'parentId', null), ${time}
  from made, product`

function rowsOf(type: ProductEvent, time: SQL): SQL {
  const opening = type === 'product.created' ? sql`, 'openingStock', first.opening_stock` : sql.empty()
  return sql`
    select ${type}::text as type, ${productKey(sql`product.id`)} as key, product.version::bigint as sequence,
           jsonb_build_object(${PRODUCT}${opening}) as payload, ${time} as created_at
    from product, (select * from variant order by position, id limit 1) first`
}
