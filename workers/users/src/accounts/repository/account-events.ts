import type { USERS_EVENTS } from '@shop/contracts/events/users'
import { eventCtes } from '@shop/db/events/write'
import { usersEvents } from '@shop/db/schema/users'
import { type SQL, sql } from 'drizzle-orm'

type Announced = Exclude<keyof typeof USERS_EVENTS, `${string}_requested` | 'customer.erased'>

/**
 * Statement part: the CTE `<source>_events`, with the events of each account in the CTE `source`, whose rows are whole accounts
 * as they are after the change.
 */
export function accountEvents(
  source: 'inserted' | 'updated' | 'changed' | 'newly_verified',
  types: readonly Announced[],
): SQL {
  const rows = types.map(
    (type) => sql`
      select ${type}::text as type, id as key, version as sequence,
             jsonb_build_object('userId', id, 'role', role) as payload, updated_at as created_at
      from ${sql.identifier(source)}`,
  )
  return eventCtes(usersEvents, { name: `${source}_events`, types, rows: sql.join(rows, sql` union all `) })
}
