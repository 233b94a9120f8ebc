import { seed } from '../seed/seed.ts'

/** Creates the demo shop in the local database, unless it exists. */
export async function openShop(environment: Record<string, string>): Promise<void> {
  const { ENVIRONMENT = '', NEON_FETCH_ENDPOINT = '', USERS_DATABASE_URL = '' } = environment
  const { CATALOG_DATABASE_URL = '', ORDERS_DATABASE_URL = '' } = environment
  await seed({
    environment: ENVIRONMENT,
    neonEndpoint: NEON_FETCH_ENDPOINT,
    usersUrl: USERS_DATABASE_URL,
    catalogUrl: CATALOG_DATABASE_URL,
    ordersUrl: ORDERS_DATABASE_URL,
  })
}
