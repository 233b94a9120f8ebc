import { parseArgs } from 'node:util'
import { type Database, STORED_SERVICES } from '@shop/services'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import { orHelp } from './arguments.ts'
import type { LiveDatabase } from './migrations-harm.ts'
import { judge, MIGRATIONS, type Migration, readMigrations } from './migrations-policy.ts'

const HELP = `npm run db:migrate [-- --contract]

  Migrates the database of MIGRATION_DATABASE_URL, as far as live code survives it.
  Sets each service role's password from <SERVICE>_DATABASE_URL, if that variable is set.

  --contract   also apply migrations that remove something, once no live code needs it`

/** Above so many rows, building an index takes longer than an order may wait. */
const BIG_TABLE_ROWS = 100_000

type MigrateOptions = {
  /** Also apply what removes something (see migrations-policy.ts), after the deployment of code that no longer needs it. */
  contract?: boolean
  folder?: string
}

/**
 * Applies all pending migrations in one transaction, over a direct connection: HTTP has no interactive transactions, and
 * a pooler spreads the statements of one session over several.
 *
 * Then sets the password of each service's role from its `<SERVICE>_DATABASE_URL`, if that is set: the baseline creates
 * the roles without one.
 *
 * @throws Error when a migration would break live code; nothing is applied then
 */
export async function migrateDatabase(
  url: string,
  env: NodeJS.ProcessEnv,
  options: MigrateOptions = {},
): Promise<void> {
  refusePooler(url)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    // Every query of the shop queues behind a statement that waits for a lock.
    await client.query("set lock_timeout = '10s'")
    if (await mayApply(client, options)) {
      await migrate(drizzle({ client }), { migrationsFolder: options.folder ?? MIGRATIONS })
    }
    for (const { database } of STORED_SERVICES) await givePassword(client, database, env)
  } finally {
    await client.end()
  }
}

function refusePooler(url: string): void {
  const { hostname } = new URL(url)
  if (!/-pooler(\.|$)/.test(hostname)) return
  throw new Error(`${hostname} is Neon's pooler. Migrations need the direct host: the same name without "-pooler".`)
}

/** Before the first release there is no live code to break. */
async function mayApply(client: pg.Client, { contract = false, folder }: MigrateOptions): Promise<boolean> {
  const all = readMigrations(folder)
  const applied = await lastApplied(client)
  const pending = all.filter(({ when }) => when > applied)
  if (applied === 0 || pending.length === 0) return true
  const { phase, problems } = judge(pending, await liveDatabase(client))
  if (problems.length > 0) throw new Error(`Nothing was applied.\n${problems.join('\n')}`)
  if (phase === 'expand' || contract) return true
  console.log(`Postponed until after the deployment (--contract): ${tagsOf(pending)}`)
  return false
}

const tagsOf = (migrations: Migration[]) => migrations.map(({ tag }) => tag).join(', ')

/** drizzle's own rule: a migration is applied when the latest one that is recorded is not older than it. */
async function lastApplied(client: pg.Client): Promise<number> {
  const { rows: tables } = await client.query("select to_regclass('drizzle.__drizzle_migrations') as name")
  if (tables[0].name === null) return 0
  const { rows } = await client.query('select coalesce(max(created_at), 0) as latest from drizzle.__drizzle_migrations')
  return Number(rows[0].latest)
}

async function liveDatabase(client: pg.Client): Promise<LiveDatabase> {
  const tables = await client.query<{ name: string }>(
    `select stats.schemaname || '.' || stats.relname as name
     from pg_stat_user_tables stats join pg_class class on class.oid = stats.relid
     where greatest(stats.n_live_tup, class.reltuples) > $1`,
    [BIG_TABLE_ROWS],
  )
  const { rows: indexes } = await client.query<{ name: string; is_unique: boolean }>(
    `select relname as name, indisunique as is_unique
     from pg_index join pg_class on pg_class.oid = indexrelid where indisvalid`,
  )
  return {
    bigTables: new Set(tables.rows.map(({ name }) => name)),
    indexes: new Set(indexes.map(({ name }) => name)),
    unique: new Set(indexes.filter(({ is_unique }) => is_unique).map(({ name }) => name)),
  }
}

async function givePassword(client: pg.Client, { role, urlVariable }: Database, env: NodeJS.ProcessEnv): Promise<void> {
  const url = env[urlVariable]
  if (url === undefined || url === '') return
  const password = decodeURIComponent(new URL(url).password)
  const identifier = client.escapeIdentifier(role)
  await client.query(`alter role ${identifier} login password ${client.escapeLiteral(password)}`)
  console.log(`Set the password of ${role} from ${urlVariable}.`)
}

if (import.meta.main) {
  const { values } = orHelp(HELP, () => parseArgs({ options: { contract: { type: 'boolean', default: false } } }))
  const url = process.env.MIGRATION_DATABASE_URL
  if (url === undefined || url === '') {
    console.error(
      'MIGRATION_DATABASE_URL must be the direct (not pooled) Postgres URL of the database owner. ' +
        'For the local database, run npm run dev, which migrates it.',
    )
    process.exit(1)
  }
  try {
    await migrateDatabase(url, process.env, { contract: values.contract })
    console.log('The database is up to date.')
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `\n${error.cause.message}` : ''
    console.error(`${error instanceof Error ? error.message : error}${cause}`)
    process.exitCode = 1
  }
}
