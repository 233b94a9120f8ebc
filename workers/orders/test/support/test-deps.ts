import type { Quote, VariantRef } from '@shop/contracts/catalog/rpc'
import { consumersOf } from '@shop/contracts/events/catalogue'
import { LIMITS } from '@shop/contracts/limits'
import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import { ok } from '@shop/kernel/result'
import { SHOP } from '@shop/settings/shop'
import { guestTokens } from '../../src/access/guest-tokens.ts'
import type { Caps } from '../../src/buyers/domain/caps.ts'
import type { OrdersDeps } from '../../src/deps.ts'
import type { GiftCard } from '../../src/gift-cards/domain/gift-card.ts'
import { giftCardCodes } from '../../src/gift-cards/gift-card-codes.ts'
import type { Order } from '../../src/orders/domain/order.ts'
import type { PricingRules, RulesQuery } from '../../src/pricing/domain/purchase.ts'
import type { StoredPromotion } from '../../src/promotions/domain/stored-promotion.ts'
import { namedCollections } from '../../src/promotions/named-collections.ts'
import type { ReturnPolicy } from '../../src/returns/domain/return-policy.ts'
import type { CatalogClient } from '../../src/stock/catalog-client.ts'
import { memoryCarts } from './memory-carts.ts'
import { memoryGiftCards } from './memory-gift-cards.ts'
import { memoryKeys } from './memory-keys.ts'
import { memoryPlaces } from './memory-places.ts'
import { memoryPromotions } from './memory-promotions.ts'
import { memoryRepositories } from './memory-repositories.ts'
import { SPRINGFIELD } from './purchases.ts'

export const NOW = new Date('2026-11-23T10:00:00.000Z')

const SECRET = 'a secret of at least thirty-two characters'

/** What one buyer may hold, as in production. */
export const CAPS: Caps = {
  guest: { openOrders: 3, heldUnits: 100 },
  customer: { openOrders: 10, heldUnits: 1_000 },
  addressUnits: 500,
}

const RETURN_POLICY: ReturnPolicy = {
  windowDays: 30,
  reasons: ['wrong_size', 'damaged', 'not_as_described', 'unwanted', 'other'],
}

export const DOWN = { ok: false, failure: { code: 'service_unavailable' } } as const
export const OUT_OF_STOCK = {
  ok: false,
  failure: { code: 'out_of_stock', variantId: 11, requested: 2, available: 1 },
} as const

export const quoteOf = (productId: number, over: Partial<Quote> = {}): Quote => ({
  productId,
  variantId: productId + 10,
  sku: null,
  options: {},
  name: `Product ${productId}`,
  category: null,
  imageUrl: null,
  price: 1_000,
  currency: currency('USD'),
  ...{ type: 'physical', taxCategory: null, shippingClass: null, weightGrams: null },
  ...{ categoryIds: [], collectionIds: [], maxPerOrder: null, available: 50 },
  stock: { openingStock: 50, sequence: 0, threshold: null, thresholdVersion: 0, policy: 'deny' },
  ...over,
})

type Options = {
  orders?: Order[]
  promotions?: StoredPromotion[]
  /** Ids of customer groups that exist. */
  groups?: string[]
  giftCards?: GiftCard[]
  catalog?: Partial<CatalogClient>
  over?: Partial<OrdersDeps>
}

/**
 * What operations need, with orders in memory, a stock that grants everything, and a clock that stands still. `calls` lists
 * the effects in their order.
 */
export function testDeps({
  orders = [],
  promotions = [],
  groups = [],
  giftCards = [],
  catalog = {},
  over = {},
}: Options = {}) {
  const calls: string[] = []
  const log = (call: string) => {
    calls.push(call)
  }
  const client = loggedCatalog(catalog, log)
  const keys = memoryKeys()
  const now = over.now ?? (() => NOW)
  const { stored, promotions: promotional, candidatesFor } = memoryPromotions(keys, promotions)
  const { places, rulesFor } = memoryPlaces(keys)
  const rules = (query: RulesQuery): PricingRules => ({
    ...{ candidates: candidatesFor(query), groupIds: [], isFirstOrder: true },
    ...rulesFor(query),
  })
  const memory = memoryRepositories(orders, log, rules, keys)
  const deps: OrdersDeps = {
    ...memory.repositories,
    ...places,
    creationKeys: keys.creationKeys,
    ...memoryCarts(now, memory.repositories.rules.find),
    promotions: promotional,
    giftCards: memoryGiftCards(giftCards),
    customerGroups: {
      ...{ add: async () => {}, delete: async () => {}, changeMembers: async () => {} },
      existing: async (ids) => ids.filter((id) => groups.includes(id)),
    },
    catalog: client,
    // Tests of rules see each call by itself.
    joinCatalog: () => client,
    tokens: guestTokens('order', [SECRET]),
    cartTokens: guestTokens('cart', [SECRET]),
    giftCardCodes: giftCardCodes([SECRET]),
    giftCardCodeLimit: LIMITS.giftCardCode,
    giftCardDays: null,
    codeAttempts: { count: async (_, codes) => ({ isAllowed: true, resetsAt: new Date(now().getTime() + codes) }) },
    cartAbandonedSeconds: 3_600,
    defaultCurrency: currency('USD'),
    now,
    newOrderId: () => newId('order'),
    newLineId: () => newId('orderLine'),
    newId,
    newPromotionId: () => newId('promotion'),
    newCodeBatchId: () => newId('codeBatch'),
    randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    newClaim: () => crypto.randomUUID(),
    hadNoEffect: () => false,
    isOutage: () => false,
    print: async (printed) => new TextEncoder().encode(JSON.stringify(printed)),
    shop: SHOP,
    origin: SPRINGFIELD,
    taxRounding: 'line',
    taxFallback: 'rates',
    checkoutRequires: { address: false, shipping: false },
    namedCollections: namedCollections(),
    holdSeconds: 900,
    holdGraceSeconds: 300,
    guestHoldSeconds: 600,
    returnPolicy: RETURN_POLICY,
    caps: CAPS,
    wakeConsumers: async (written) => {
      if (written.flatMap(consumersOf).includes('payments')) log('wake')
    },
    wakeWebhooks: async () => {},
    warn: (event) => log(`warn ${event}`),
    ...over,
  }
  return { deps, calls, find: memory.find, historyOf: memory.historyOf, promotions: stored }
}

const quoteNamed = (ref: VariantRef) => ('productId' in ref ? quoteOf(ref.productId) : quoteOf(1, ref))

/** Grants everything by default. */
function loggedCatalog(over: Partial<CatalogClient>, log: (call: string) => void): CatalogClient {
  const granted: CatalogClient = {
    quote: async ({ refs }) => ok(refs.map(quoteNamed)),
    quoteEach: async ({ refs }) => ok(refs.map((ref) => ok(quoteNamed(ref)))),
    holdStock: async () => ok(),
    extendHolds: async () => ok(),
    releaseHolds: async () => ok(),
    returnSales: async () => ok(),
    commitHolds: async () => ok(),
    takeBack: async () => ok(),
    findHolds: async () => ok([]),
  }
  const answers = { ...granted, ...over }
  return {
    quote: (request) => answers.quote(request),
    quoteEach: (request) => answers.quoteEach(request),
    findHolds: (request) => answers.findHolds(request),
    holdStock: (request) => {
      log(`hold ${request.holdId}`)
      return answers.holdStock(request)
    },
    extendHolds: (request) => {
      log(`extend ${request.holdId} ${request.expiresAt.toISOString()}`)
      return answers.extendHolds(request)
    },
    releaseHolds: (request) => {
      log(`release ${request.holdId}`)
      return answers.releaseHolds(request)
    },
    returnSales: (request) => {
      log(`return ${request.holdId}`)
      return answers.returnSales(request)
    },
    commitHolds: (request) => {
      log(`sell ${request.holdId}`)
      return answers.commitHolds(request)
    },
    takeBack: (request) => {
      log(`take back ${request.quantity} of ${request.variantId}`)
      return answers.takeBack(request)
    },
  }
}
