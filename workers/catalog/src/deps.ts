import { waitUntil } from 'cloudflare:workers'
import { connect, pingDatabase } from '@shop/db'
import * as store from '@shop/db/repositories/catalog/index'
import { databaseFetch, log, oncePerEnv, parseEnv } from '@shop/http'
import { answerCache } from './answer-cache.ts'
import { CatalogBindings } from './env.ts'
import type { CatalogDeps } from './ports.ts'
import { stockObjects } from './stock/stock-stubs.ts'

/** What the operations need, from the worker's bindings. */
export const depsOf: (env: CatalogEnv) => CatalogDeps = oncePerEnv((env) => {
  const bindings = parseEnv(CatalogBindings, env)
  const { CATALOG_DATABASE_URL, NEON_FETCH_ENDPOINT, UPSTASH_REDIS_REST_URL, STOCK } = bindings
  const db = connect({
    connectionString: CATALOG_DATABASE_URL,
    fetchEndpoint: NEON_FETCH_ENDPOINT,
    fetch: databaseFetch,
  })
  return {
    products: {
      find: (id) => store.findProduct(db, id),
      list: (query) => store.listProducts(db, query),
      quote: (ids) => store.quoteProducts(db, ids),
      insert: (product) => store.insertProduct(db, product),
      update: (update) => store.updateProduct(db, update),
      delete: (product) => store.deleteProduct(db, product),
    },
    openings: {
      claim: (options) => store.claimOpenings(db, options),
      confirm: (opening) => store.confirmOpening(db, opening),
      confirmOf: (opening) => store.confirmOpeningOf(db, opening),
      prune: (now) => store.pruneCatalogEvents(db, now),
    },
    listing: {
      read: (page) => store.listStock(db, page),
      rewrite: (changes) => store.rewriteStock(db, changes),
    },
    watches: {
      read: (variantId) => store.readWatch(db, variantId),
      claim: (options) => store.claimWatches(db, options),
      confirm: (change) => store.confirmWatch(db, change),
      listLow: (page) => store.listLowStock(db, page),
    },
    changes: {
      claim: (options) => store.claimChanges(db, options),
      confirmAll: (events) => store.confirmChanges(db, events),
      confirm: (change) => store.confirmChange(db, change),
    },
    answers: UPSTASH_REDIS_REST_URL
      ? answerCache({ url: UPSTASH_REDIS_REST_URL, token: bindings.UPSTASH_REDIS_REST_TOKEN })
      : undefined,
    stock: stockObjects(STOCK),
    now: () => new Date(),
    later: waitUntil,
    newKey: () => crypto.randomUUID(),
    pingDatabase: () => pingDatabase(db),
    warn: (event, fields) => log('warn', event, fields),
  }
})
