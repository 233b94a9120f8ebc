import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from '@shop/db/client'
import { eventLog } from '@shop/db/events/log'
import { catalogEvents } from '@shop/db/schema/catalog'
import { seed } from '../seed/seed.ts'

export type OpenedShop = {
  /** Sweeps until the stock objects have the opening stock of the seeded products. */
  stockIsOpen(sweep: () => Promise<boolean>): Promise<void>
}

const OPENING_SECONDS = 60

/** Creates the demo shop in the local database, unless it exists. */
export async function openShop(environment: Record<string, string>): Promise<OpenedShop> {
  const { ENVIRONMENT = '', NEON_FETCH_ENDPOINT = '', USERS_DATABASE_URL = '', CATALOG_DATABASE_URL = '' } = environment
  await seed({
    environment: ENVIRONMENT,
    neonEndpoint: NEON_FETCH_ENDPOINT,
    usersUrl: USERS_DATABASE_URL,
    catalogUrl: CATALOG_DATABASE_URL,
  })
  const catalog = connect({ connectionString: CATALOG_DATABASE_URL, fetchEndpoint: NEON_FETCH_ENDPOINT })
  const events = eventLog(catalog, catalogEvents)
  const pending = async () =>
    (await events.lag(new Date())).find(({ consumer }) => consumer === 'catalog_stock')?.pending ?? 0
  return {
    stockIsOpen: async (sweep) => {
      const deadline = Date.now() + OPENING_SECONDS * 1_000
      while ((await pending()) > 0) {
        if (Date.now() > deadline)
          throw new Error(`The opening stock did not reach its objects within ${OPENING_SECONDS} s.`)
        if (!(await sweep())) await sleep(200)
      }
    },
  }
}
