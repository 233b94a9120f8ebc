import { getTableColumns } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'

/**
 * Converts a row that was selected as `to_jsonb(row)` to what Drizzle would have read. Rows are selected that way in
 * statements that are compiled once.
 */
export function rowFromJson<T extends PgTable>(table: T, json: Record<string, unknown>): T['$inferSelect'] {
  const columns = Object.entries(getTableColumns(table)).map(([name, column]) => {
    const value = json[column.name] ?? null
    return [name, value === null ? null : column.mapFromDriverValue(value)]
  })
  // The names and types are those of the table's columns.
  return Object.fromEntries(columns) as T['$inferSelect']
}
