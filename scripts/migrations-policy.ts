import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { harmOf, type LiveDatabase, statementsOf, unquoted } from './migrations-harm.ts'

export const MIGRATIONS = fileURLToPath(new URL('../packages/db/migrations', import.meta.url))

export type Migration = {
  tag: string
  /** The journal's time; drizzle compares it to know what is applied. */
  when: number
  sql: string
}

export type Verdict = {
  /** `contract` removes what earlier code used. It is applied when no live code uses it any more. */
  phase: 'expand' | 'contract'
  problems: string[]
}

const CONTRACT = /^-- contract: \S/

const journalSchema = z.object({ entries: z.array(z.object({ tag: z.string(), when: z.number() })) })

export function readMigrations(folder = MIGRATIONS): Migration[] {
  const journal = journalSchema.parse(JSON.parse(readFileSync(join(folder, 'meta/_journal.json'), 'utf8')))
  return journal.entries.map((entry) => ({ ...entry, sql: readFileSync(join(folder, `${entry.tag}.sql`), 'utf8') }))
}

/**
 * Whether migrations may be applied while earlier code is live. Old code meets the new schema while workers are deployed
 * and after a rollback. So a deployment only adds; what removes something is deployed separately.
 */
export function judge(pending: Migration[], live: LiveDatabase): Verdict {
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
      const table = /^create table (?:if not exists )?([^\s(]+)/i.exec(statement)?.[1]
      if (table !== undefined) created.add(unquoted(table))
    }
    return statements.flatMap((statement) => {
      const why = harmOf(statement, { statements, created, live })
      return why === undefined ? [] : [`${tag}: ${why}: ${statement.slice(0, 120)}`]
    })
  })
}

/** What its migrations say about a database. They do not say how large its tables are. */
export function databaseAfter(migrations: Migration[]): LiveDatabase {
  const sql = migrations.flatMap((migration) => statementsOf(migration.sql)).join('\n')
  const names = (pattern: RegExp) => new Set([...sql.matchAll(pattern)].map(([, name = '']) => unquoted(name)))
  const unique = /create unique index (?:if not exists )?(\S+)|\bconstraint (\S+) (?:unique|primary key)\b/gi
  return {
    bigTables: new Set(),
    indexes: names(/create (?:unique )?index (?:if not exists )?(\S+)/gi),
    unique: new Set([...sql.matchAll(unique)].map(([, index, constraint]) => unquoted(index ?? constraint ?? ''))),
  }
}

/** The migrations of `ref`, by their tags. */
function tagsAt(ref: string): ReadonlySet<string> {
  const journal = execFileSync('git', ['show', `${ref}:packages/db/migrations/meta/_journal.json`], {
    encoding: 'utf8',
  })
  return new Set(journalSchema.parse(JSON.parse(journal)).entries.map(({ tag }) => tag))
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { since: { type: 'string', default: 'origin/main' } } })
  const known = tagsAt(values.since)
  const all = readMigrations()
  const added = all.filter(({ tag }) => !known.has(tag))
  const { phase, problems } = judge(added, databaseAfter(all.filter(({ tag }) => known.has(tag))))
  for (const problem of problems) console.error(problem)
  console.log(`${added.length} new migrations since ${values.since} (${phase}), ${problems.length} problems`)
  process.exitCode = problems.length === 0 ? 0 : 1
}
