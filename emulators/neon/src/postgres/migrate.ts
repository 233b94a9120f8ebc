import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import { withoutPassword } from '@shop/emulator-kit/without-password'
import type pg from 'pg'

/** A migration failed. The message names the folder and Postgres's reason and can be shown to people. */
export class MigrationFailed extends Error {
  override readonly name = 'MigrationFailed'
}

/**
 * Applies the pending migrations of drizzle-kit in one transaction, as the user of `url`. Drizzle records applied ones
 * in `drizzle.__drizzle_migrations`.
 *
 * @throws MigrationFailed
 * @throws Error when the server does not answer or refuses the user
 */
export async function migratePostgres(url: string, migrationsFolder: string): Promise<void> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: url })
  // The interrupted query reports a lost connection. Without a listener, this event would end the process.
  client.on('error', () => {})
  await client.connect().catch((cause: unknown) => {
    const hint = 'Is it running, and are host, port, database, user and password right?'
    throw new Error(`Cannot connect to ${withoutPassword(url)}: ${connectReason(cause)}. ${hint}`, { cause })
  })
  try {
    await withReason(migrationsFolder, (newest) => migrateClient(client, migrationsFolder, newest))
  } finally {
    await client.end()
  }
}

async function migrateClient(client: pg.Client, migrationsFolder: string, newest: number): Promise<void> {
  const runQuery = async (query: string) => (await client.query<Record<string, unknown>>(query)).rows
  if (await isMigrated(runQuery, newest)) return
  const [{ drizzle }, { migrate }] = await Promise.all([
    import('drizzle-orm/node-postgres'),
    import('drizzle-orm/node-postgres/migrator'),
  ])
  await migrate(drizzle({ client }), { migrationsFolder })
}

/**
 * Applies the pending migrations to PGlite as its superuser, before it serves requests.
 *
 * @throws MigrationFailed
 */
export function migratePGliteDatabase(client: PGlite, migrationsFolder: string): Promise<void> {
  return withReason(migrationsFolder, async (newest) => {
    const runQuery = async (query: string) => (await client.query<Record<string, unknown>>(query)).rows
    if (await isMigrated(runQuery, newest)) return
    const [{ drizzle }, { migrate }] = await Promise.all([
      import('drizzle-orm/pglite'),
      import('drizzle-orm/pglite/migrator'),
    ])
    await migrate(drizzle({ client }), { migrationsFolder })
  })
}

/**
 * Whether drizzle's migrator has nothing to do, which it decides by the time of the newest applied migration. Checked
 * first, because loading drizzle takes longer than the rest of a warm start.
 */
async function isMigrated(runQuery: (query: string) => Promise<Record<string, unknown>[]>, newest: number) {
  const [found] = await runQuery(`SELECT to_regclass('drizzle.__drizzle_migrations') IS NOT NULL AS exists`)
  if (found?.exists !== true) return false
  const [applied] = await runQuery('SELECT max(created_at)::text AS newest FROM drizzle.__drizzle_migrations')
  return Number(applied?.newest ?? 0) >= newest
}

/** @param migrate receives the time of the newest migration in the folder */
async function withReason(migrationsFolder: string, migrate: (newest: number) => Promise<void>): Promise<void> {
  const newest = await newestMigration(migrationsFolder)
  try {
    await migrate(newest)
  } catch (error) {
    throw new MigrationFailed(`Migrating from ${migrationsFolder} failed: ${reasonOf(error)}`, { cause: error })
  }
}

async function newestMigration(migrationsFolder: string): Promise<number> {
  const journal = await readFile(join(migrationsFolder, 'meta', '_journal.json'), 'utf8').catch(() => undefined)
  if (!journal)
    throw new MigrationFailed(`There are no migrations in ${migrationsFolder}. Generate them with drizzle-kit.`)
  // The part of drizzle-kit's journal that is used here.
  const { entries } = JSON.parse(journal) as { entries: { when: number }[] }
  return Math.max(0, ...entries.map(({ when }) => when))
}

/** For a host with several addresses, node's error has no message of its own, only one per address. */
function connectReason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ')
  return reasonOf(error)
}

/** Drizzle's message is "Failed query: …"; its cause has Postgres's reason. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.cause.message}\n${error.message}` : error.message
}
