import { eventCtes } from '@shop/db/events/write'
import { catalogEvents } from '@shop/db/schema/catalog'
import { type SQL, sql } from 'drizzle-orm'
import { DISPATCH_AFTER_SECONDS } from '../../events/domain/dispatch.ts'
import { categoryKey, productKey, variantKey } from '../../events/repository.ts'

type ProductEvent = 'product.created' | 'product.updated' | 'product.deleted'

const PRODUCT = sql`'productId', product.id, 'variantId', variant.id, 'price', variant.price, 'currency', variant.currency`

type Changed = {
  /** The low-stock threshold was written. */
  threshold?: boolean
  /** The CTE `made` may have a new category. */
  categories?: boolean
}

/**
 * The CTE `event` for a statement whose CTEs `product` and `variant` are the rows after the change.
 *
 * @param at the column of `product` with the time of the change
 * @param changed what else the statement changed; `event` has an event for each
 */
export function productEvents(
  type: ProductEvent,
  at: 'created_at' | 'updated_at' | 'archived_at',
  { threshold = false, categories = false }: Changed = {},
): SQL {
  const time = sql`product.${sql.identifier(at)}`
  const kinds = [
    { type, rows: rowsOf(type, time) },
    ...(threshold ? [{ type: 'stock.threshold_changed' as const, rows: thresholdRows(time) }] : []),
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

const thresholdRows = (time: SQL) => sql`
  select 'stock.threshold_changed', ${variantKey(sql`variant.id`)}, variant.low_stock_version,
         jsonb_build_object('variantId', variant.id), ${time}
  from product, variant`

/** Another writer that made the category at the same time has written the same event: then it stays one. */
const categoryRows = (time: SQL) => sql`
  select 'category.created', ${categoryKey(sql`made.id`)}, 1, jsonb_build_object('categoryId', made.id, 'parentId', null), ${time}
  from made, product`

function rowsOf(type: ProductEvent, time: SQL): SQL {
  const opening = type === 'product.created' ? sql`, 'openingStock', variant.opening_stock` : sql.empty()
  return sql`
    select ${type}::text as type, ${productKey(sql`product.id`)} as key, product.version::bigint as sequence,
           jsonb_build_object(${PRODUCT}${opening}) as payload, ${time} as created_at
    from product, variant`
}
