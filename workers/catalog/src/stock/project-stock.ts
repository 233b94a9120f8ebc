import { connect } from '@shop/db'
import { projectStock } from '@shop/db/repositories/catalog/index'
import { databaseFetch, oncePerEnv, parseEnv } from '@shop/http'
import { CatalogBindings } from '../env.ts'

/** Writes a level to where products are listed from, unless a newer one is there. Throws when Postgres is away. */
export type ProjectStock = (stock: { variantId: number; available: number; sequence: number }) => Promise<void>

/** Connects when there is first something to write, so that a bad environment stops no stock. */
export function projectorOf(env: CatalogEnv): ProjectStock {
  return async (stock) => projectStock(databaseOf(env), stock)
}

const databaseOf = oncePerEnv((env: CatalogEnv) => {
  const { CATALOG_DATABASE_URL, NEON_FETCH_ENDPOINT } = parseEnv(CatalogBindings, env)
  return connect({
    connectionString: CATALOG_DATABASE_URL,
    fetchEndpoint: NEON_FETCH_ENDPOINT,
    fetch: databaseFetch,
  })
})
