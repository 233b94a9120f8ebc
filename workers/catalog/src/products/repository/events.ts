import { eventCtes } from '@shop/db/events/write'
import { catalogEvents } from '@shop/db/schema/catalog'
import { type SQL, sql } from 'drizzle-orm'
import { DISPATCH_AFTER_SECONDS } from '../../events/domain/dispatch.ts'
import { productKey, variantKey } from '../../events/repository.ts'

type ProductEvent = 'product.created' | 'product.updated' | 'product.deleted'

const PRODUCT = sql`'productId', product.id, 'variantId', variant.id, 'price', variant.price, 'currency', variant.currency`

/**
 * The CTE `event` for a statement whose CTEs `product` and `variant` are the rows after the change.
 *
 * @param at the column of `product` with the time of the change
 */
export function productEvent(type: ProductEvent, at: 'created_at' | 'updated_at' | 'deleted_at'): SQL {
  return eventCtes(catalogEvents, {
    name: 'event',
    types: [type],
    rows: rowsOf(type, at),
    firstAttemptAfterSeconds: DISPATCH_AFTER_SECONDS,
  })
}

/** The same for an update that also changed the low-stock threshold: `event` has an event of both. */
export function productAndThresholdEvents(): SQL {
  return eventCtes(catalogEvents, {
    name: 'event',
    types: ['product.updated', 'stock.threshold_changed'],
    rows: sql`${rowsOf('product.updated', 'updated_at')}
      union all
      select 'stock.threshold_changed', ${variantKey(sql`variant.id`)}, variant.low_stock_version,
             jsonb_build_object('variantId', variant.id), product.updated_at
      from product, variant`,
    firstAttemptAfterSeconds: DISPATCH_AFTER_SECONDS,
  })
}

function rowsOf(type: ProductEvent, at: 'created_at' | 'updated_at' | 'deleted_at'): SQL {
  const opening = type === 'product.created' ? sql`, 'openingStock', variant.available` : sql.empty()
  return sql`
    select ${type}::text as type, ${productKey(sql`product.id`)} as key, product.version::bigint as sequence,
           jsonb_build_object(${PRODUCT}${opening}) as payload, product.${sql.identifier(at)} as created_at
    from product, variant`
}
