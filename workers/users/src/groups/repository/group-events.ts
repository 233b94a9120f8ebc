import { eventCtes } from '@shop/db/events/write'
import { usersEvents } from '@shop/db/schema/users'
import { type SQL, sql } from 'drizzle-orm'

type GroupEvent = 'customer_group.created' | 'customer_group.updated' | 'customer_group.deleted'

/**
 * Statement part: the CTE `announced`, with the event of the group in the CTE `written`: its id, its version after the change,
 * and the time of it as `updated_at`.
 */
export const groupEvent = (type: GroupEvent): SQL =>
  eventCtes(usersEvents, {
    name: 'announced',
    types: [type],
    rows: sql`
      select ${type}::text as type, id as key, version as sequence, jsonb_build_object('groupId', id) as payload,
             updated_at as created_at
      from written`,
  })

/** The same for its members: the ids in the CTE `changes`. */
export const membersEvent = (): SQL =>
  eventCtes(usersEvents, {
    name: 'announced',
    types: ['customer_group.members_changed'],
    rows: sql`
      select 'customer_group.members_changed' as type, written.id as key, written.version as sequence,
             jsonb_build_object('groupId', written.id, 'added', changes.added, 'removed', changes.removed) as payload,
             written.updated_at as created_at
      from written, changes`,
  })
