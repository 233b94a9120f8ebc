import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'

const FOLDER = fileURLToPath(new URL('../packages/db/migrations', import.meta.url))
const SERVICES = ['users', 'catalog', 'orders', 'payments'] as const

/**
 * Applies what is not yet applied, in one transaction, over a direct connection: over HTTP there is no transaction that
 * spans several statements one after the other.
 *
 * Then gives each service's role the password of its `<SERVICE>_DATABASE_URL`, where that is set: the first migration
 * makes the roles without one.
 */
export async function migrateDatabase(url: string, env: NodeJS.ProcessEnv): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await migrate(drizzle({ client }), { migrationsFolder: FOLDER })
    for (const service of SERVICES) {
      const serviceUrl = env[`${service.toUpperCase()}_DATABASE_URL`]
      if (serviceUrl === undefined || serviceUrl === '') continue
      const password = decodeURIComponent(new URL(serviceUrl).password)
      const role = client.escapeIdentifier(`${service}_service`)
      await client.query(`alter role ${role} login password ${client.escapeLiteral(password)}`)
      console.log(`The role ${service}_service has the password of ${service.toUpperCase()}_DATABASE_URL.`)
    }
  } finally {
    await client.end()
  }
}

if (import.meta.main) {
  const url = process.env.MIGRATION_DATABASE_URL
  if (url === undefined || url === '') {
    console.error(
      'MIGRATION_DATABASE_URL must be a direct (not pooled) Postgres URL of the owner of the database. ' +
        'The local database needs no migrating by hand: npm run dev does it.',
    )
    process.exit(1)
  }
  await migrateDatabase(url, process.env)
  console.log('The database is up to date.')
}
