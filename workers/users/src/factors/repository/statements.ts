import { eventCtes } from '@shop/db/events/write'
import { usersEvents } from '@shop/db/schema/users'
import { factors, mfaTokens, recoveryCodes } from '@shop/db/schema/users-factors'
import { type SQL, sql } from 'drizzle-orm'

/**
 * Statement part: the CTEs that write the event of factors. A factor is added once and removed once.
 *
 * @param changed what follows FROM: rows with id, user_id and type
 */
export function factorEvent(type: 'factor.added' | 'factor.removed', now: SQL, changed: SQL = sql`changed`): SQL {
  return eventCtes(usersEvents, {
    name: 'written',
    types: [type],
    rows: sql`
      select ${type}::text as type, id as key, ${type === 'factor.added' ? 1 : 2}::int as sequence,
             jsonb_build_object('userId', user_id, 'factorId', id, 'type', type) as payload, ${now} as created_at
      from ${changed}`,
  })
}

/**
 * Statement part: the CTEs that remove every factor of accounts, with recovery codes, the sign-ins that wait for a factor, and an
 * event for each factor that was confirmed. `gone` has the factors.
 *
 * @param userIds a SELECT of the ids of the accounts
 */
export const removedFactorsCtes = (userIds: SQL, now: SQL): SQL => sql`
  gone as (
    delete from ${factors} where user_id in (${userIds}) returning id, user_id, type, confirmed_at),
  codes as (delete from ${recoveryCodes} where user_id in (${userIds})),
  waiting as (delete from ${mfaTokens} where user_id in (${userIds})),
  ${factorEvent('factor.removed', now, sql`gone where confirmed_at is not null`)}`
