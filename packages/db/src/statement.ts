import { fillPlaceholders, type SQL } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import type { Statement } from './client.ts'

const dialect = new PgDialect()

/**
 * A statement that is compiled once and filled in for each call, for frequent queries: composing one from many parts
 * takes longer than sending it.
 *
 * @param template with `sql.placeholder(name)` for each value; a value is text, a number, a boolean or null, so pass
 * instants as RFC 3339 text and objects as JSON text, and cast them in the template
 */
export function statement<const V extends Record<string, unknown>>(template: () => SQL): (values: V) => Statement {
  let compiled: { sql: string; params: unknown[] } | undefined
  return (values) => {
    compiled ??= dialect.sqlToQuery(template())
    return { text: compiled.sql, values: fillPlaceholders(compiled.params, values) }
  }
}
