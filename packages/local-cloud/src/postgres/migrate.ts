import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import { drizzle as drizzleNodePostgres } from 'drizzle-orm/node-postgres'
import { migrate as migrateNodePostgres } from 'drizzle-orm/node-postgres/migrator'
import { drizzle as drizzlePGlite } from 'drizzle-orm/pglite'
import { migrate as migratePGlite } from 'drizzle-orm/pglite/migrator'
import pg from 'pg'

/** A migration was refused. The message names the folder and Postgres's reason, and is meant to be shown as it is. */
export class MigrationFailed extends Error {
  override readonly name = 'MigrationFailed'
}

/**
 * Applies what drizzle-kit wrote to `migrationsFolder` and is not yet applied, all in one transaction, as the user of
 * `url`. Applied migrations are kept in `drizzle.__drizzle_migrations`.
 *
 * @throws MigrationFailed
 */
export function migratePostgres(url: string, migrationsFolder: string): Promise<void> {
  return explained(migrationsFolder, async () => {
    const client = new pg.Client({ connectionString: url })
    // A connection lost is told by the query that it interrupts; unheard, this event would end the process.
    client.on('error', () => {})
    await client.connect()
    try {
      await migrateNodePostgres(drizzleNodePostgres({ client }), { migrationsFolder })
    } finally {
      await client.end()
    }
  })
}

/** The same for PGlite, as its superuser. To be done before it serves requests. */
export function migratePGliteDatabase(client: PGlite, migrationsFolder: string): Promise<void> {
  return explained(migrationsFolder, () => migratePGlite(drizzlePGlite({ client }), { migrationsFolder }))
}

async function explained(migrationsFolder: string, migrate: () => Promise<void>): Promise<void> {
  const journal = await stat(join(migrationsFolder, 'meta', '_journal.json')).catch(() => undefined)
  if (!journal) throw new MigrationFailed(`There are no migrations in ${migrationsFolder}: run npm run db:generate`)
  try {
    await migrate()
  } catch (error) {
    throw new MigrationFailed(`Migrating from ${migrationsFolder} failed: ${reasonOf(error)}`, { cause: error })
  }
}

/** drizzle's own message is "Failed query: …"; Postgres's reason is in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.cause.message}\n${error.message}` : error.message
}
