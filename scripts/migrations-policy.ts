import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { z } from 'zod'

export const MIGRATIONS = fileURLToPath(new URL('../packages/db/migrations', import.meta.url))

export type Migration = {
  tag: string
  /** The journal's time, by which drizzle tells what is applied. */
  when: number
  sql: string
}

/** What the live database holds that a statement's harm depends on. Nothing, where there is none to ask. */
export type LiveDatabase = {
  /** Tables too large to be locked while an index is built. */
  bigTables: ReadonlySet<string>
  indexes: ReadonlySet<string>
}

export type Verdict = {
  /** `contract` takes away what code of before used, and is applied after the code that no longer does is live. */
  phase: 'expand' | 'contract'
  problems: string[]
}

const NOTHING_LIVE: LiveDatabase = { bigTables: new Set(), indexes: new Set() }
const CONTRACT = /^-- contract: \S/
const OPENING_LINE = 'begin the file with `-- contract: <reason>`'

const journalSchema = z.object({ entries: z.array(z.object({ tag: z.string(), when: z.number() })) })

export function readMigrations(folder = MIGRATIONS): Migration[] {
  const journal = journalSchema.parse(JSON.parse(readFileSync(join(folder, 'meta/_journal.json'), 'utf8')))
  return journal.entries.map((entry) => ({ ...entry, sql: readFileSync(join(folder, `${entry.tag}.sql`), 'utf8') }))
}

/**
 * Whether migrations may be applied while the code of before is serving: while workers are deployed, and after a
 * rollback, old code meets the new schema. So a deployment only adds. What takes away comes in a deployment of its own.
 */
export function judge(pending: Migration[], live: LiveDatabase = NOTHING_LIVE): Verdict {
  const contracts = pending.filter(({ sql }) => CONTRACT.test(sql))
  if (contracts.length === 0) return { phase: 'expand', problems: harms(pending, live) }
  const others = pending.filter((migration) => !contracts.includes(migration)).map(({ tag }) => tag)
  const problems = others.length === 0 ? [] : [`${tagsOf(contracts)} must be deployed without ${others.join(', ')}`]
  return { phase: 'contract', problems }
}

const tagsOf = (migrations: Migration[]) => migrations.map(({ tag }) => tag).join(', ')

function harms(pending: Migration[], live: LiveDatabase): string[] {
  const created = new Set<string>()
  return pending.flatMap(({ tag, sql }) => {
    const statements = statementsOf(sql)
    for (const statement of statements) {
      const table = /^create table (?:if not exists )?(\S+)/i.exec(statement)?.[1]
      if (table !== undefined) created.add(unquoted(table))
    }
    return statements.flatMap((statement) => {
      const why = harmOf(statement, { statements, created, live })
      return why === undefined ? [] : [`${tag}: ${why}: ${statement.slice(0, 120)}`]
    })
  })
}

/** Statements as drizzle-kit separates them, on one line each, without comments. */
function statementsOf(sql: string): string[] {
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

const unquoted = (name: string) => name.replaceAll('"', '').replace(/\($/, '')

function harmOf(statement: string, context: Context): string | undefined {
  if (/^(drop (table|schema|view|materialized view|type|function|sequence)|truncate)\b/i.test(statement)) {
    return `takes away what live code may use; ${OPENING_LINE}`
  }
  const index = /^create (?:unique )?index (?:concurrently )?(?:if not exists )?(\S+) on (?:only )?(\S+)/i.exec(
    statement,
  )
  if (index) return harmOfIndex(unquoted(index[1] ?? ''), unquoted(index[2] ?? ''), context)
  const revoked = /^revoke .+? on (?:table )?(\S+) from/i.exec(statement)?.[1]
  if (revoked !== undefined && !context.created.has(unquoted(revoked))) {
    return `takes a right from live code; ${OPENING_LINE}`
  }
  if (/^alter type .+ rename\b/i.test(statement)) return `renames what live code uses; ${OPENING_LINE}`
  const altered = /^alter table (?:if exists )?(?:only )?(\S+) (.+)$/i.exec(statement)
  if (altered && !context.created.has(unquoted(altered[1] ?? ''))) return harmOfAlter(altered[2] ?? '', context)
  return undefined
}

function harmOfAlter(change: string, { statements }: Context): string | undefined {
  if (/\bdrop column\b/i.test(change)) return `takes away what live code may use; ${OPENING_LINE}`
  if (/^rename\b/i.test(change)) return `renames what live code uses; add the new name, and drop the old one later`
  if (/\bdrop default\b/i.test(change)) return `live code may leave the column out; ${OPENING_LINE}`
  if (/\badd column\b.*\bnot null\b/i.test(change) && !/\bdefault\b|\bgenerated\b/i.test(change)) {
    return 'live code does not fill a column that must be filled; give it a default'
  }
  const type = /\balter column \S+ (?:set data )?type (\S+)/i.exec(change)?.[1]
  if (type !== undefined && !/^(text|bigint)$/i.test(type)) return 'narrows a type, or may; add a new column instead'
  const filled = /\balter column (\S+) set not null/i.exec(change)?.[1]
  if (filled !== undefined && !statements.some((other) => setsDefault(other, filled))) {
    return `live code may leave the column empty; set a default first, or ${OPENING_LINE}`
  }
  return undefined
}

const setsDefault = (statement: string, column: string) =>
  statement.toLowerCase().includes(`alter column ${column.toLowerCase()} set default`)

/** Migrations run in a transaction, where CONCURRENTLY is impossible, so a large index is made by hand beforehand. */
function harmOfIndex(name: string, table: string, { created, live }: Context): string | undefined {
  if (created.has(table) || !live.bigTables.has(table) || live.indexes.has(name)) return undefined
  return (
    `would lock ${table}, which is large: run CREATE INDEX CONCURRENTLY IF NOT EXISTS by hand first, ` +
    'and write IF NOT EXISTS here'
  )
}

/** The migrations that a branch adds to those of `ref`. */
function addedSince(ref: string): Migration[] {
  const journal = execFileSync('git', ['show', `${ref}:packages/db/migrations/meta/_journal.json`], {
    encoding: 'utf8',
  })
  const known = new Set(journalSchema.parse(JSON.parse(journal)).entries.map(({ tag }) => tag))
  return readMigrations().filter(({ tag }) => !known.has(tag))
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { since: { type: 'string', default: 'origin/main' } } })
  const added = addedSince(values.since)
  const { phase, problems } = judge(added)
  for (const problem of problems) console.error(problem)
  console.log(`${added.length} new migrations since ${values.since} (${phase}), ${problems.length} problems`)
  process.exitCode = problems.length === 0 ? 0 : 1
}
