import { fileURLToPath } from 'node:url'
import { connect, type Db } from '@shop/db'
import { startTestDatabase, type TestDatabase } from '@shop/neon-emulator/postgres/test-database'

export const MIGRATIONS = fileURLToPath(new URL('../../db/migrations', import.meta.url))

export type Service = 'users' | 'catalog' | 'orders' | 'payments'

export type ServiceDatabase = TestDatabase & { as(service: Service): Db }

/** A fresh, migrated PostgreSQL; `as` connects through the Neon protocol in the role of a service. */
export async function startDatabase(): Promise<ServiceDatabase> {
  const database = await startTestDatabase({ migrationsFolder: MIGRATIONS })
  return {
    ...database,
    as: (service) =>
      connect({
        connectionString: database.connectionString(`${service}_service`),
        fetchEndpoint: database.neonEndpoint,
      }),
  }
}
