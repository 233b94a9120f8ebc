import { DurableObject } from 'cloudflare:workers'
import { connect } from '@shop/db'
import { type ProjectedStock, projectStocks } from '@shop/db/repositories/catalog/index'
import { databaseFetch, log, oncePerEnv, parseEnv } from '@shop/http'
import { CatalogBindings } from '../env.ts'
import { gather } from './gather.ts'

/** Levels that come within this time are written by one statement. */
const GATHER_MS = 100
/** One object takes about a thousand calls a second; each busy variant makes two. */
const PROJECTORS = 2

/**
 * Writes the levels of many stock objects to where products are listed from. It keeps nothing: an object whose call was
 * not answered reports again.
 */
export class StockProjector extends DurableObject<CatalogEnv> {
  readonly #project: (stock: ProjectedStock) => Promise<boolean>

  constructor(ctx: DurableObjectState, env: CatalogEnv) {
    super(ctx, env)
    this.#project = gather(GATHER_MS, (stocks: ProjectedStock[]) => write(env, newestOfEach(stocks)))
  }

  /** @returns whether the level, or a newer one, is listed now; false when Postgres is away */
  project(stock: ProjectedStock): Promise<boolean> {
    return this.#project(stock)
  }
}

async function write(env: CatalogEnv, stocks: ProjectedStock[]): Promise<boolean> {
  try {
    await projectStocks(databaseOf(env), stocks)
    return true
  } catch (error) {
    log('warn', 'stock_projection_failed', { variants: stocks.length, error })
    return false
  }
}

/** The projector of a variant. */
export function projectorOf(env: CatalogEnv, variantId: number): DurableObjectStub<StockProjector> {
  return env.STOCK_PROJECTOR.getByName(String(variantId % PROJECTORS))
}

/**
 * A variant that reported twice is written once: one statement changes a row but once, by whichever comes first. What
 * the earlier report tells of low stock is in the later one, too, since it was not confirmed yet.
 */
function newestOfEach(stocks: ProjectedStock[]): ProjectedStock[] {
  const newest = new Map<number, ProjectedStock>()
  for (const stock of stocks) {
    const known = newest.get(stock.variantId)
    if (known === undefined || known.sequence <= stock.sequence) newest.set(stock.variantId, stock)
  }
  return [...newest.values()]
}

/** Connects when there is first something to write, so that a bad environment stops no stock. */
const databaseOf = oncePerEnv((env: CatalogEnv) => {
  const { CATALOG_DATABASE_URL, NEON_FETCH_ENDPOINT } = parseEnv(CatalogBindings, env)
  return connect({
    connectionString: CATALOG_DATABASE_URL,
    fetchEndpoint: NEON_FETCH_ENDPOINT,
    fetch: databaseFetch,
  })
})
