import type { ShopEvent } from '@shop/contracts/events/catalogue'
import { sql } from 'drizzle-orm'

export type EventRow = {
  id: string
  type: string
  version: number
  key: string
  sequence: string
  payload: unknown
  created_at: string
}

/** The columns of {@link EventRow}, of the table as `e`. */
export const EVENT_COLUMNS = sql.raw('e.id, e.type, e.version, e.key, e.sequence, e.payload, e.created_at')

/** `eventCtes` writes the rows from the catalogue's types; a consumer checks the payload when it receives the event. */
export function toEvent(row: EventRow): ShopEvent {
  return {
    id: Number(row.id),
    type: row.type,
    version: row.version,
    key: row.key,
    sequence: Number(row.sequence),
    payload: row.payload,
    createdAt: new Date(row.created_at),
  } as ShopEvent
}
