import { eventCtes } from '@shop/db/events/write'
import { catalogEvents } from '@shop/db/schema/catalog'
import { type SQL, sql } from 'drizzle-orm'
import { DISPATCH_AFTER_SECONDS } from '../../events/domain/dispatch.ts'
import { categoryKey } from '../../events/repository.ts'

type CategoryEvent = 'category.created' | 'category.updated' | 'category.deleted'

/** The CTE `event` for a statement whose CTE `category` is the row after the change, or the one that was deleted. */
export function categoryEvent(type: CategoryEvent, at: Date): SQL {
  return eventCtes(catalogEvents, {
    name: 'event',
    types: [type],
    rows: categoryEventRows(type, at),
    firstAttemptAfterSeconds: DISPATCH_AFTER_SECONDS,
  })
}

function categoryEventRows(type: CategoryEvent, at: Date): SQL {
  // A deletion is one more version than the row had.
  const sequence = type === 'category.deleted' ? sql`category.version + 1` : sql`category.version`
  return sql`
    select ${type}::text as type, ${categoryKey(sql`category.id`)} as key, (${sequence})::bigint as sequence,
           jsonb_build_object('categoryId', category.id, 'parentId', category.parent_id) as payload,
           ${at.toISOString()}::timestamptz as created_at
    from category`
}
