import { waitUntil } from 'cloudflare:workers'
import type { EventLog } from '@shop/contracts/events/log'
import { connect } from '@shop/db/client'
import { eventLog } from '@shop/db/events/log'
import { catalogEvents } from '@shop/db/schema/catalog'
import type { ShopApp } from '@shop/http/app'
import { databaseFetch } from '@shop/http/database-fetch'
import { oncePerEnv, parseEnv } from '@shop/http/env'
import { log } from '@shop/http/log'
import { objectsIn } from '@shop/http/objects'
import { wakeWebhooks } from '@shop/http/wake'
import type { WakesWebhooks } from '@shop/http/wake-after-writes'
import { SHOP } from '@shop/settings/shop'
import type { ShopSettings } from '@shop/settings/shop-settings'
import { type AttributeRepository, attributeRepository } from './attributes/repository.ts'
import { type AnswerCache, answerCache } from './caching/answer-cache.ts'
import { type CategoryRepository, categoryRepository } from './categories/repository/index.ts'
import { type CollectionRepository, collectionRepository } from './collections/repository/index.ts'
import { CatalogSettings } from './env.ts'
import { type CreationKeyRepository, creationKeyRepository } from './idempotency/repository.ts'
import { type RecentQuotes, recentQuotes } from './products/recent-quotes.ts'
import { type ProductRepository, productRepository } from './products/repository/index.ts'
import { type SearchRepository, searchRepository } from './search/repository/index.ts'
import { type StockClient, stockClient } from './stock/object/stock-client.ts'
import {
  type ListingRepository,
  listingRepository,
  type VariantRepository,
  variantRepository,
} from './stock/repository/index.ts'

export type CatalogDeps = WakesWebhooks & {
  products: ProductRepository
  search: SearchRepository
  categories: CategoryRepository
  collections: CollectionRepository
  attributes: AttributeRepository
  listing: ListingRepository
  variants: VariantRepository
  events: EventLog
  keys: CreationKeyRepository
  stock: StockClient
  shop: ShopSettings
  recentQuotes: RecentQuotes
  /** Absent in a shop without Redis. */
  answers?: AnswerCache | undefined
  now: () => Date
  /** Continues work after the response; it may be lost. */
  later: (work: Promise<unknown>) => void
  /** A fresh, unique key. */
  newKey: () => string
  /** Logs a problem that is repaired later. */
  warn: (event: string, fields: Record<string, unknown>) => void
}

export type CatalogApp = ShopApp<CatalogEnv, CatalogDeps>

/** The dependencies of the entry points, made from the worker's bindings. */
export const catalogDeps: (env: CatalogEnv) => CatalogDeps = oncePerEnv((env) => {
  const settings = parseEnv(CatalogSettings, env)
  const { UPSTASH_REDIS_REST_URL: redisUrl, UPSTASH_REDIS_REST_TOKEN: redisToken } = settings
  const db = connect({
    connectionString: settings.CATALOG_DATABASE_URL,
    fetchEndpoint: settings.NEON_FETCH_ENDPOINT,
    fetch: databaseFetch,
  })
  return {
    products: productRepository(db),
    search: searchRepository(db, SHOP.defaultCurrency),
    categories: categoryRepository(db),
    collections: collectionRepository(db),
    attributes: attributeRepository(db),
    listing: listingRepository(db),
    variants: variantRepository(db),
    events: eventLog(db, catalogEvents),
    keys: creationKeyRepository(db),
    stock: stockClient(objectsIn(settings.STOCK, settings)),
    shop: SHOP,
    recentQuotes: recentQuotes(),
    answers: redisUrl ? answerCache({ url: redisUrl, token: redisToken }) : undefined,
    now: () => new Date(),
    later: waitUntil,
    wakeWebhooks: () => wakeWebhooks(env.MAIL_EVENTS),
    newKey: () => crypto.randomUUID(),
    warn: (event, fields) => log('warn', event, fields),
  }
})
