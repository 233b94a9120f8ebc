/** What the effect of a statement on live code depends on. */
export type LiveDatabase = {
  /** Tables that are too large to be locked while an index is built. */
  bigTables: ReadonlySet<string>
  indexes: ReadonlySet<string>
  /** Names of unique indexes and constraints. */
  unique: ReadonlySet<string>
}

const OPENING_LINE = 'begin the file with `-- contract: <reason>`'

/** Statements as drizzle-kit separates them, on one line each, without comments. */
export function statementsOf(sql: string): string[] {
  return sql
    .split('--> statement-breakpoint')
    .flatMap((part) => (/^\s*(--.*\n\s*)*do \$\$/i.test(part) ? [part] : part.split(/;\s*(?:\n|$)/)))
    .map((part) =>
      part
        .replace(/--.*$/gm, '')
        .replace(/\s+/g, ' ')
        .replace(/[;\s]+$/, '')
        .trim(),
    )
    .filter((statement) => statement !== '')
}

type Context = { statements: string[]; created: ReadonlySet<string>; live: LiveDatabase }

export const unquoted = (name: string) => name.replaceAll('"', '')

/** Why a statement would break live code; undefined when it would not. */
export function harmOf(statement: string, context: Context): string | undefined {
  if (/^do \$\$.*\b(drop (table|schema|column|constraint)|rename|truncate)\b/i.test(statement)) {
    return `removes what live code may use; ${OPENING_LINE}`
  }
  if (/^(drop (table|schema|view|materialized view|type|function|sequence)|truncate)\b/i.test(statement)) {
    return `removes what live code may use; ${OPENING_LINE}`
  }
  const index = /^create (?:unique )?index (?:concurrently )?(?:if not exists )?(\S+) on (?:only )?([^\s(]+)/i.exec(
    statement,
  )
  if (index) return harmOfIndex(unquoted(index[1] ?? ''), unquoted(index[2] ?? ''), context)
  const dropped = /^drop index (?:concurrently )?(?:if exists )?(\S+)/i.exec(statement)?.[1]
  if (dropped !== undefined) return harmOfDropping(dropped, context)
  const revoked = /^revoke .+? on (?:table )?(\S+) from/i.exec(statement)?.[1]
  if (revoked !== undefined && !context.created.has(unquoted(revoked))) {
    return `revokes a right of live code; ${OPENING_LINE}`
  }
  if (/^alter type .+ rename\b/i.test(statement)) return `renames what live code uses; ${OPENING_LINE}`
  const altered = /^alter table (?:if exists )?(?:only )?(\S+) (.+)$/i.exec(statement)
  if (altered && !context.created.has(unquoted(altered[1] ?? ''))) return harmOfAlter(altered[2] ?? '', context)
  return undefined
}

/** A plain index only makes queries fast. A unique one is a constraint, and ON CONFLICT fails without it. */
function harmOfDropping(name: string, { live }: Context): string | undefined {
  const plain = unquoted(name).split('.').at(-1) ?? ''
  return live.unique.has(plain) ? `removes a constraint that live code may rely on; ${OPENING_LINE}` : undefined
}

function harmOfAlter(change: string, context: Context): string | undefined {
  const { statements } = context
  const constraint = /\bdrop constraint (?:if exists )?(\S+)/i.exec(change)?.[1]
  const rule = constraint === undefined ? undefined : harmOfDropping(constraint, context)
  if (rule !== undefined) return rule
  if (/\bdrop (?!constraint|not null|default|identity|expression)/i.test(change))
    return `removes what live code may use; ${OPENING_LINE}`
  if (/^rename\b/i.test(change)) return `renames what live code uses; add the new name, and drop the old one later`
  if (/\bdrop default\b/i.test(change)) return `live code may leave the column out; ${OPENING_LINE}`
  if (/\badd column\b.*\bnot null\b/i.test(change) && !/\bdefault\b|\bgenerated\b/i.test(change)) {
    return 'live code does not set this NOT NULL column; give it a default'
  }
  const type = /\balter column \S+ (?:set data )?type (\S+)/i.exec(change)?.[1]
  if (type !== undefined && !/^(text|bigint)$/i.test(type)) return 'may narrow a type; add a new column instead'
  const filled = /\balter column (\S+) set not null/i.exec(change)?.[1]
  if (filled !== undefined && !statements.some((other) => setsDefault(other, filled))) {
    return `live code may leave the column null; set a default first, or ${OPENING_LINE}`
  }
  return undefined
}

const setsDefault = (statement: string, column: string) =>
  statement.toLowerCase().includes(`alter column ${column.toLowerCase()} set default`)

/** Migrations run in a transaction, where CONCURRENTLY is impossible. So a large index is built by hand first. */
function harmOfIndex(name: string, table: string, { created, live }: Context): string | undefined {
  if (created.has(table) || !live.bigTables.has(table) || live.indexes.has(name)) return undefined
  return (
    `would lock ${table}, which is large: run CREATE INDEX CONCURRENTLY IF NOT EXISTS by hand first, ` +
    'and write IF NOT EXISTS here'
  )
}
