import { connect } from '@shop/db'
import { projectStock } from '@shop/db/repositories/catalog/index'
import { databaseFetch, parseEnv } from '@shop/http'
import { CatalogBindings } from '../env.ts'

/** Writes a level to where products are listed from, unless a newer one is there. Throws when Postgres is away. */
export type ProjectStock = (stock: { variantId: number; available: number; sequence: number }) => Promise<void>

export function projectorOf(env: CatalogEnv): ProjectStock {
  return async (stock) => {
    const { CATALOG_DATABASE_URL, NEON_FETCH_ENDPOINT } = parseEnv(CatalogBindings, env)
    const db = connect({
      connectionString: CATALOG_DATABASE_URL,
      fetchEndpoint: NEON_FETCH_ENDPOINT,
      fetch: databaseFetch,
    })
    await projectStock(db, stock)
  }
}
