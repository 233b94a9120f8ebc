import { eventCtes } from '@shop/db/events/write'
import { catalogEvents } from '@shop/db/schema/catalog'
import { type SQL, sql } from 'drizzle-orm'
import { DISPATCH_AFTER_SECONDS } from '../../events/domain/dispatch.ts'
import { collectionKey } from '../../events/repository.ts'

type CollectionEvent = 'collection.created' | 'collection.updated' | 'collection.deleted'

/** The CTE `event` for a statement whose CTE `collection` is the row after the change, or the one that was deleted. */
export function collectionEvent(type: CollectionEvent, at: Date): SQL {
  // A deletion is one more version than the row had.
  const sequence = type === 'collection.deleted' ? sql`collection.version + 1` : sql`collection.version`
  return eventCtes(catalogEvents, {
    name: 'event',
    types: [type],
    rows: sql`
      select ${type}::text as type, ${collectionKey(sql`collection.id`)} as key, (${sequence})::bigint as sequence,
             jsonb_build_object('collectionId', collection.id, 'kind', collection.kind) as payload,
             ${at.toISOString()}::timestamptz as created_at
      from collection`,
    firstAttemptAfterSeconds: DISPATCH_AFTER_SECONDS,
  })
}
