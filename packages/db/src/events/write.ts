import { consumersOf, EVENTS, type EventType } from '@shop/contracts/events/catalogue'
import { PULLING_CONSUMERS } from '@shop/contracts/events/define'
import { type SQL, sql } from 'drizzle-orm'
import type { EventTables } from './tables.ts'

export type NewEvents = {
  /** Prefix of the CTEs: `<name>` returns id, type, key, payload and created_at; `<name>_deliveries` nothing. */
  name: string
  /** Every type that the rows may have. */
  types: readonly EventType[]
  /** A SELECT of the columns type, key, sequence, payload (jsonb) and created_at. */
  rows: SQL
  /**
   * When the dispatcher's first attempt is due, in seconds after the event. Above 0 where the writer delivers to the
   * consumer at once. Default 0. Consumers that pull get the event at once in any case.
   */
  firstAttemptAfterSeconds?: number
}

/**
 * The CTEs that write events and a delivery for each consumer, for the statement that makes the change: all or nothing.
 * The same change written twice (same type, key and sequence) is one event.
 */
export function eventCtes({ events, deliveries }: EventTables, written: NewEvents): SQL {
  const { name, types, rows, firstAttemptAfterSeconds = 0 } = written
  const told = sql.identifier(name)
  const versions = sql.join(
    types.map((type) => sql`(${type}, ${EVENTS[type].version}::int)`),
    sql`, `,
  )
  const insert = sql`${told} as (
    insert into ${events} (type, version, key, sequence, payload, created_at)
    select change.type, kind.version, change.key::text, change.sequence::bigint, change.payload, change.created_at::timestamptz
    from (${rows}) change join (values ${versions}) kind (type, version) on kind.type = change.type
    on conflict (key, type, sequence) do nothing
    returning id, type, key, payload, created_at
  )`
  const takers = types.flatMap((type) =>
    consumersOf(type).map((consumer) => {
      const seconds = PULLING_CONSUMERS.includes(consumer) ? 0 : firstAttemptAfterSeconds
      return sql`(${type}, ${consumer}, ${seconds}::int)`
    }),
  )
  if (takers.length === 0) return insert
  return sql`${insert},
  ${sql.identifier(`${name}_deliveries`)} as (
    insert into ${deliveries} (event_id, consumer, key, next_attempt_at)
    select told.id, taker.consumer, told.key, told.created_at + taker.seconds * interval '1 second'
    from ${told} told join (values ${sql.join(takers, sql`, `)}) taker (type, consumer, seconds) on taker.type = told.type
  )`
}
