import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import { withoutPassword } from '@shop/emulator-kit/without-password'
import type pg from 'pg'

/** A migration was refused. The message names the folder and Postgres's reason, and is meant to be shown as it is. */
export class MigrationFailed extends Error {
  override readonly name = 'MigrationFailed'
}

/**
 * Applies what drizzle-kit wrote to `migrationsFolder` and is not yet applied, all in one transaction, as the user of
 * `url`. Applied migrations are kept in `drizzle.__drizzle_migrations`.
 *
 * @throws MigrationFailed
 * @throws Error when there is no such server, or it refuses the user; the message says so
 */
export async function migratePostgres(url: string, migrationsFolder: string): Promise<void> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: url })
  // A connection lost is told by the query that it interrupts; unheard, this event would end the process.
  client.on('error', () => {})
  await client.connect().catch((cause: unknown) => {
    const hint = 'Is it running, and are host, port, database, user and password right?'
    throw new Error(`Cannot connect to ${withoutPassword(url)}: ${connectReason(cause)}. ${hint}`, { cause })
  })
  try {
    await explained(migrationsFolder, (newest) => migrateClient(client, migrationsFolder, newest))
  } finally {
    await client.end()
  }
}

async function migrateClient(client: pg.Client, migrationsFolder: string, newest: number): Promise<void> {
  const ask = async (query: string) => (await client.query<Record<string, unknown>>(query)).rows
  if (await isMigrated(ask, newest)) return
  const [{ drizzle }, { migrate }] = await Promise.all([
    import('drizzle-orm/node-postgres'),
    import('drizzle-orm/node-postgres/migrator'),
  ])
  await migrate(drizzle({ client }), { migrationsFolder })
}

/**
 * The same for PGlite, as its superuser. To be done before it serves requests.
 *
 * @throws MigrationFailed
 */
export function migratePGliteDatabase(client: PGlite, migrationsFolder: string): Promise<void> {
  return explained(migrationsFolder, async (newest) => {
    const ask = async (query: string) => (await client.query<Record<string, unknown>>(query)).rows
    if (await isMigrated(ask, newest)) return
    const [{ drizzle }, { migrate }] = await Promise.all([
      import('drizzle-orm/pglite'),
      import('drizzle-orm/pglite/migrator'),
    ])
    await migrate(drizzle({ client }), { migrationsFolder })
  })
}

/**
 * Whether drizzle's migrator would find nothing to do: it goes by the time of the newest migration applied. Asked first
 * because loading drizzle takes longer than everything else of a warm start.
 */
async function isMigrated(ask: (query: string) => Promise<Record<string, unknown>[]>, newest: number) {
  const [found] = await ask(`SELECT to_regclass('drizzle.__drizzle_migrations') IS NOT NULL AS exists`)
  if (found?.exists !== true) return false
  const [applied] = await ask('SELECT max(created_at)::text AS newest FROM drizzle.__drizzle_migrations')
  return Number(applied?.newest ?? 0) >= newest
}

/** @param migrate is given the time of the newest migration there is */
async function explained(migrationsFolder: string, migrate: (newest: number) => Promise<void>): Promise<void> {
  const newest = await newestMigration(migrationsFolder)
  try {
    await migrate(newest)
  } catch (error) {
    throw new MigrationFailed(`Migrating from ${migrationsFolder} failed: ${reasonOf(error)}`, { cause: error })
  }
}

async function newestMigration(migrationsFolder: string): Promise<number> {
  const journal = await readFile(join(migrationsFolder, 'meta', '_journal.json'), 'utf8').catch(() => undefined)
  if (!journal) throw new MigrationFailed(`There are no migrations in ${migrationsFolder}: run npm run db:generate`)
  // drizzle-kit writes it; what it holds besides is of no meaning here.
  const { entries } = JSON.parse(journal) as { entries: { when: number }[] }
  return Math.max(0, ...entries.map(({ when }) => when))
}

/** Where a name has several addresses, node's own error has no message, only those of each. */
function connectReason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ')
  return reasonOf(error)
}

/** drizzle's own message is "Failed query: …"; Postgres's reason is in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.cause.message}\n${error.message}` : error.message
}
