import { DurableObject } from 'cloudflare:workers'
import type { StockLevelsMessage } from '@shop/contracts/catalog/stock-levels'
import { connect } from '@shop/db/client'
import { databaseFetch } from '@shop/http/database-fetch'
import { oncePerEnv, parseEnv } from '@shop/http/env'
import { log } from '@shop/http/log'
import { ObjectSettings, objectsIn } from '@shop/http/objects'
import { CatalogSettings } from '../../env.ts'
import { type ProjectedStock, projectStocks } from '../repository/index.ts'
import { coalesce } from './coalesce.ts'

/** Levels that arrive within this time are written by one statement. */
const COALESCE_MS = 100
/** One object serves about a thousand calls a second; each busy variant makes two. */
const PROJECTORS = 2

/**
 * Writes the levels of many stock objects to Postgres, for the product list. It stores nothing: an object whose call was
 * not answered sends its level again.
 */
export class StockProjector extends DurableObject<CatalogEnv> {
  readonly #project: (stock: ProjectedStock) => Promise<boolean>

  constructor(ctx: DurableObjectState, env: CatalogEnv) {
    super(ctx, env)
    this.#project = coalesce(COALESCE_MS, (stocks: ProjectedStock[]) => write(env, latestPerVariant(stocks)))
  }

  /** @returns whether this level or a newer one is listed now; false when Postgres does not answer */
  project(stock: ProjectedStock): Promise<boolean> {
    return this.#project(stock)
  }
}

/** The projectors of the shop, by variant. */
export const projectorsOf = oncePerEnv((env: CatalogEnv) => {
  const projectors = objectsIn(env.STOCK_PROJECTOR, parseEnv(ObjectSettings, env))
  return (variantId: number) => projectors(String(variantId % PROJECTORS))
})

async function write(env: CatalogEnv, stocks: ProjectedStock[]): Promise<boolean> {
  try {
    await projectStocks(databaseOf(env), stocks)
    await announce(env, stocks)
    return true
  } catch (error) {
    log('warn', 'stock_projection_failed', { variants: stocks.length, error })
    return false
  }
}

/** Sends the levels to those who listen to them. For display only, so the projection does not depend on it. */
async function announce(env: CatalogEnv, stocks: ProjectedStock[]): Promise<void> {
  const levels = stocks.map(({ variantId, available, sequence }) => ({ variantId, available, sequence }))
  try {
    await env.STOCK_LEVELS.send({ levels } satisfies StockLevelsMessage)
  } catch (error) {
    log('warn', 'stock_levels_not_sent', { variants: levels.length, error })
  }
}

/**
 * One statement updates a row only once, so a variant that reported twice is written once. The later report contains the
 * low stock of the earlier one, which was not confirmed yet.
 */
function latestPerVariant(stocks: ProjectedStock[]): ProjectedStock[] {
  const latest = new Map<number, ProjectedStock>()
  for (const stock of stocks) {
    const known = latest.get(stock.variantId)
    if (known === undefined || known.sequence <= stock.sequence) latest.set(stock.variantId, stock)
  }
  return [...latest.values()]
}

/** Connects at the first write, so that a bad environment does not stop the stock objects. */
const databaseOf = oncePerEnv((env: CatalogEnv) => {
  const { CATALOG_DATABASE_URL, NEON_FETCH_ENDPOINT } = parseEnv(CatalogSettings, env)
  return connect({
    connectionString: CATALOG_DATABASE_URL,
    fetchEndpoint: NEON_FETCH_ENDPOINT,
    fetch: databaseFetch,
  })
})
