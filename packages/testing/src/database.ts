import { fileURLToPath } from 'node:url'
import { connect, type Db } from '@shop/db/client'
import { startTestDatabase, type TestDatabase } from '@shop/neon-emulator/postgres/test-database'
import { STORED_SERVICES, type StoredService } from '@shop/services'

const MIGRATIONS = fileURLToPath(new URL('../../db/migrations', import.meta.url).href)
const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/shop', import.meta.url).href)

export type Service = StoredService['name']

export type ServiceDatabase = TestDatabase & { as(service: Service): Db }

/** A fresh, migrated PostgreSQL; `as` connects through the Neon protocol in the role of a service. */
export async function startDatabase(): Promise<ServiceDatabase> {
  const database = await startTestDatabase({ migrationsFolder: MIGRATIONS, cacheDir: CACHE })
  return {
    ...database,
    as: (service) =>
      connect({
        connectionString: database.connectionString(roleOf(service)),
        fetchEndpoint: database.neonEndpoint,
      }),
  }
}

function roleOf(service: Service): string {
  const found = STORED_SERVICES.find(({ name }) => name === service)
  if (found === undefined) throw new Error(`${service} has no database`)
  return found.database.role
}
