import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import { withoutPassword } from '@shop/emulator-kit/without-password'
import type pg from 'pg'

/**
 * `no_migrations`: the folder has none. `unknown_migrations`: the database has migrations that the folder does not have,
 * so it was created by another one. `migration_failed`: Postgres refused one.
 */
export type MigrationFailure = 'no_migrations' | 'unknown_migrations' | 'migration_failed'

/** A migration failed. The message names the folder and Postgres's reason and can be shown to people. */
export class MigrationFailed extends Error {
  override readonly name = 'MigrationFailed'
  readonly code: MigrationFailure

  constructor(code: MigrationFailure, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
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
    await withReason(migrationsFolder, (migrations) => migrateClient(client, migrationsFolder, migrations))
  } finally {
    await client.end()
  }
}

async function migrateClient(client: pg.Client, migrationsFolder: string, migrations: Migration[]): Promise<void> {
  const runQuery = async (query: string) => (await client.query<Record<string, unknown>>(query)).rows
  if (await isMigrated(runQuery, migrations)) return
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
  return withReason(migrationsFolder, async (migrations) => {
    const runQuery = async (query: string) => (await client.query<Record<string, unknown>>(query)).rows
    if (await isMigrated(runQuery, migrations)) return
    const [{ drizzle }, { migrate }] = await Promise.all([
      import('drizzle-orm/pglite'),
      import('drizzle-orm/pglite/migrator'),
    ])
    await migrate(drizzle({ client }), { migrationsFolder })
  })
}

/** As drizzle records it: the time in the journal, and the SHA-256 of the file. */
type Migration = { when: number; hash: string }

/**
 * Whether drizzle's migrator has nothing to do, which it decides by the time of the newest applied migration. Checked
 * first, because loading drizzle takes longer than the rest of a warm start.
 *
 * @throws MigrationFailed `unknown_migrations`; drizzle would go by the time and leave such a database as it is, or
 *   apply half of the migrations to it
 */
async function isMigrated(runQuery: (query: string) => Promise<Record<string, unknown>[]>, migrations: Migration[]) {
  const [found] = await runQuery(`SELECT to_regclass('drizzle.__drizzle_migrations') IS NOT NULL AS exists`)
  if (found?.exists !== true) return false
  const applied = await runQuery('SELECT hash, created_at::text AS "when" FROM drizzle.__drizzle_migrations')
  const known = new Set<unknown>(migrations.map(({ hash }) => hash))
  if (applied.some(({ hash }) => !known.has(hash))) {
    throw new MigrationFailed('unknown_migrations', 'The database was created by other migrations.')
  }
  return newestOf(applied.map(({ when }) => Number(when))) >= newestOf(migrations.map(({ when }) => when))
}

const newestOf = (times: number[]) => Math.max(0, ...times)

/** @param migrate receives the migrations in the folder */
async function withReason(
  migrationsFolder: string,
  migrate: (migrations: Migration[]) => Promise<void>,
): Promise<void> {
  const migrations = await readMigrations(migrationsFolder)
  try {
    await migrate(migrations)
  } catch (error) {
    if (error instanceof MigrationFailed) throw error
    const message = `Migrating from ${migrationsFolder} failed: ${reasonOf(error)}`
    throw new MigrationFailed('migration_failed', message, { cause: error })
  }
}

async function readMigrations(migrationsFolder: string): Promise<Migration[]> {
  const journal = await readFile(join(migrationsFolder, 'meta', '_journal.json'), 'utf8').catch(() => undefined)
  if (!journal) {
    const message = `There are no migrations in ${migrationsFolder}. Generate them with drizzle-kit.`
    throw new MigrationFailed('no_migrations', message)
  }
  // The part of drizzle-kit's journal that is used here.
  const { entries } = JSON.parse(journal) as { entries: { when: number; tag: string }[] }
  const hashOf = async (tag: string) =>
    createHash('sha256')
      .update(await readFile(join(migrationsFolder, `${tag}.sql`)))
      .digest('hex')
  return Promise.all(entries.map(async ({ when, tag }) => ({ when, hash: await hashOf(tag) })))
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
