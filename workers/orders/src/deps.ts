import { type Destination, destinationOf } from '@shop/addresses/destination'
import type { CatalogRpc } from '@shop/contracts/catalog/rpc'
import { consumersOf, type EventType } from '@shop/contracts/events/catalogue'
import type { Limit } from '@shop/contracts/limit'
import { LIMITS, raisedLocally } from '@shop/contracts/limits'
import { connect, type Db } from '@shop/db/client'
import { sqlState } from '@shop/db/errors'
import { eventLog } from '@shop/db/events/log'
import { ordersEvents } from '@shop/db/schema/orders'
import type { ShopApp } from '@shop/http/app'
import { databaseFetch } from '@shop/http/database-fetch'
import { oncePerEnv, parseEnv } from '@shop/http/env'
import { isUnavailable, wasNeverAsked } from '@shop/http/errors'
import { newId } from '@shop/http/ids'
import type { Join } from '@shop/http/join-calls'
import { log } from '@shop/http/log'
import { objectsIn } from '@shop/http/objects'
import { traced } from '@shop/http/rpc'
import { wake, wakeMails, wakeWebhooks } from '@shop/http/wake'
import type { WakesWebhooks } from '@shop/http/wake-after-writes'
import type { CurrencyCode } from '@shop/kernel/currencies'
import type { CodeBatchId, Id, IdKind, OrderId, OrderLineId, PromotionId } from '@shop/kernel/ids'
import { SHOP } from '@shop/settings/shop'
import type { ShopSettings } from '@shop/settings/shop-settings'
import type { z } from 'zod'
import { type GuestTokens, guestTokens } from './access/guest-tokens.ts'
import { tokenRequestRepository } from './access/repository.ts'
import type { Caps } from './buyers/domain/caps.ts'
import { buyerRepository } from './buyers/repository.ts'
import { type RecentRules, recentRules } from './carts/internal/recent-rules.ts'
import { type CartClient, cartClient } from './carts/object/cart-client.ts'
import { cartRowRepository } from './carts/repository/index.ts'
import { claimRepository } from './claims/repository.ts'
import { customerGroupRepository } from './customer-groups/repository.ts'
import { OrdersSettings } from './env.ts'
import { cancellationRepository } from './events/repository.ts'
import { lineRefundRepository } from './fulfillment/repository/index.ts'
import { type GiftCardCodes, giftCardCodes } from './gift-cards/gift-card-codes.ts'
import { codeAttemptRepository } from './gift-cards/repository/code-attempts.ts'
import { giftCardRepository } from './gift-cards/repository/index.ts'
import { creationKeyRepository } from './idempotency/repository.ts'
import { invoiceRepository } from './invoices/repository/index.ts'
import { orderKeyRepository } from './orders/repository/idempotency-keys.ts'
import { orderRepository } from './orders/repository/index.ts'
import { captureRepository, moneyRepository } from './payment-events/repository.ts'
import type { CheckoutRequirements } from './pricing/domain/check-checkout.ts'
import type { TaxRounding } from './pricing/domain/pricing.ts'
import { rulesRepository } from './pricing/repository.ts'
import type { Printed } from './printing/domain/printed.ts'
import { erasureRepository } from './privacy/repository.ts'
import { type NamedCollections, namedCollections } from './promotions/named-collections.ts'
import { promotionRepository } from './promotions/repository/index.ts'
import { salesRepository } from './reports/repository.ts'
import type { ReturnPolicy } from './returns/domain/return-policy.ts'
import { returnRepository } from './returns/repository/index.ts'
import { shippingOptionRepository } from './shipping/repository/options.ts'
import { zoneRepository } from './shipping/repository/zones.ts'
import { type CatalogClient, catalogClient } from './stock/catalog-client.ts'
import { stockAdjustmentRepository } from './stock/repository/adjustments.ts'
import { orderStockRepository } from './stock/repository/index.ts'
import { stripeCalculator } from './stripe-tax/stripe-calculator.ts'
import { type TaxCalculator, taxCalculator } from './stripe-tax/tax-calculator.ts'
import { taxCountryRepository } from './tax/repository/countries.ts'
import { taxExemptionRepository } from './tax/repository/exemptions.ts'
import { taxRateRepository } from './tax/repository/rates.ts'
import { type VatRegister, viesRegister } from './tax/vies-register.ts'

/** The repositories over one connection, for the worker and for tests on a database. */
export const ordersRepositories = (db: Db) => ({
  orders: orderRepository(db),
  keys: orderKeyRepository(db),
  buyers: buyerRepository(db),
  captures: captureRepository(db),
  money: moneyRepository(db),
  orderStock: orderStockRepository(db),
  cancellations: cancellationRepository(db),
  lineRefunds: lineRefundRepository(db),
  returns: returnRepository(db),
  giftCards: giftCardRepository(db),
  codeAttempts: codeAttemptRepository(db),
  invoices: invoiceRepository(db),
  stockAdjustments: stockAdjustmentRepository(db),
  shippingZones: zoneRepository(db),
  shippingOptions: shippingOptionRepository(db),
  taxRates: taxRateRepository(db),
  taxCountries: taxCountryRepository(db),
  taxExemptions: taxExemptionRepository(db),
  rules: rulesRepository(db),
  promotions: promotionRepository(db),
  customerGroups: customerGroupRepository(db),
  creationKeys: creationKeyRepository(db),
  cartRows: cartRowRepository(db),
  claims: claimRepository(db),
  tokenRequests: tokenRequestRepository(db),
  erasures: erasureRepository(db),
  sales: salesRepository(db),
  events: eventLog(db, ordersEvents),
})

/** The dependencies of the operations. */
export type OrdersDeps = ReturnType<typeof ordersRepositories> & {
  catalog: CatalogClient
  /** The catalog, for work on many orders whose calls are joined. */
  joinCatalog: (join: Join) => CatalogClient
  tokens: GuestTokens<'order'>
  cartTokens: GuestTokens<'cart'>
  carts: CartClient
  giftCardCodes: GiftCardCodes
  /** How many codes of gift cards an address may name. */
  giftCardCodeLimit: Limit
  /** Until a card that is bought expires; null for never. */
  giftCardDays: number | null
  /** The rules that carts are shown with. */
  recentRules: RecentRules
  /** Of a cart that names none. */
  defaultCurrency: CurrencyCode
  now: () => Date
  newOrderId: () => OrderId
  newLineId: () => OrderLineId
  /** A fresh id of what staff create. */
  newId: <K extends IdKind>(kind: K) => Id<K>
  newPromotionId: () => PromotionId
  newCodeBatchId: () => CodeBatchId
  randomBytes: (length: number) => Uint8Array
  /** Names one attempt at an idempotency key. */
  newClaim: () => string
  /** True when the database answered that a statement failed, or was not asked: then the statement had no effect. */
  hadNoEffect: (error: unknown) => boolean
  /** True when the error means that a dependency could not be reached, so that a retry can help. */
  isOutage: (error: unknown) => boolean
  /** Draws a document as PDF. */
  print: (printed: Printed) => Promise<Uint8Array>
  /** Whom documents come from, and in which language. */
  shop: ShopSettings
  /** Where the shop sells from. */
  origin: Destination
  taxRounding: TaxRounding
  /** Stripe Tax. Absent in a shop that uses its own rates only. */
  taxCalculator?: TaxCalculator | undefined
  /** What applies while Stripe Tax is away: the shop's own rates, or no order. */
  taxFallback: 'rates' | 'refuse'
  /** What the shop asks for before it takes an order with something to ship. */
  checkoutRequires: CheckoutRequirements
  namedCollections: NamedCollections
  /** How long an unpaid order lives, and how much longer its stock is held. */
  holdSeconds: number
  holdGraceSeconds: number
  /** How long an unpaid order of a guest lives, at most. */
  guestHoldSeconds: number
  cartAbandonedSeconds: number
  returnPolicy: ReturnPolicy
  /** What one buyer may hold unpaid. */
  caps: Caps
  /** Confirms VAT ids. Absent in a shop that asks nobody. */
  vatRegister?: VatRegister | undefined
  /** Notifies the consumers of events that they have some to pull. A message may be lost, since their sweeps pull too. */
  wakeConsumers: (written: readonly EventType[]) => Promise<void>
  /** Notifies what sends webhooks of events that have no other consumer. */
  wakeWebhooks: WakesWebhooks['wakeWebhooks']
  /** Logs a problem that needs a person. */
  warn: (event: string, fields: Record<string, unknown>) => void
}

type Settings = z.output<typeof OrdersSettings>

export type OrdersApp = ShopApp<OrdersEnv, OrdersDeps>

export const ordersDeps = oncePerEnv((env: OrdersEnv): OrdersDeps => {
  const settings = parseEnv(OrdersSettings, env)
  const { ORDER_TOKEN_SECRET: secret, ORDER_TOKEN_SECRET_OLD: previousSecret } = settings
  const secrets: [string, ...string[]] = previousSecret === undefined ? [secret] : [secret, previousSecret]
  const db = connect({
    connectionString: settings.ORDERS_DATABASE_URL,
    fetchEndpoint: settings.NEON_FETCH_ENDPOINT,
    fetch: databaseFetch,
  })
  const repositories = ordersRepositories(db)
  const catalog = traced<CatalogRpc>(env.CATALOG, 'catalog', { invocationLimit: settings.INVOCATION_LIMIT })
  return {
    ...repositories,
    catalog: catalogClient(catalog),
    joinCatalog: (join) => catalogClient(catalog, join),
    tokens: guestTokens('order', secrets),
    cartTokens: guestTokens('cart', secrets),
    giftCardCodes: giftCardCodes(secrets),
    giftCardCodeLimit: settings.ADDRESS_LIMITS === 'raised' ? raisedLocally(LIMITS.giftCardCode) : LIMITS.giftCardCode,
    giftCardDays: settings.GIFT_CARD_DAYS,
    carts: cartClient(objectsIn(env.CARTS, settings)),
    recentRules: recentRules(repositories.rules.find),
    defaultCurrency: SHOP.defaultCurrency,
    now: () => new Date(),
    newOrderId: () => newId('order'),
    newLineId: () => newId('orderLine'),
    newId,
    newPromotionId: () => newId('promotion'),
    newCodeBatchId: () => newId('codeBatch'),
    randomBytes,
    newClaim: () => crypto.randomUUID(),
    hadNoEffect: (error) => sqlState(error) !== undefined || wasNeverAsked(error),
    isOutage: isUnavailable,
    // Loaded with its fonts by the first document, since most requests print none.
    print: async (printed) => (await import('./printing/print.ts')).print(printed),
    shop: SHOP,
    origin: destinationOf({ ...SHOP.address, postal_code: SHOP.address.postalCode }),
    taxRounding: settings.TAX_ROUNDING,
    taxCalculator: calculatorOf(settings),
    taxFallback: settings.TAX_FALLBACK,
    checkoutRequires: settings.CHECKOUT_REQUIRES,
    namedCollections: namedCollections(),
    holdSeconds: settings.HOLD_SECONDS,
    holdGraceSeconds: settings.HOLD_GRACE_SECONDS,
    guestHoldSeconds: Math.min(settings.GUEST_HOLD_SECONDS, settings.HOLD_SECONDS),
    cartAbandonedSeconds: settings.CART_ABANDONED_SECONDS,
    returnPolicy: { windowDays: settings.RETURN_WINDOW_DAYS, reasons: settings.RETURN_REASONS },
    caps: {
      guest: { openOrders: settings.GUEST_MAX_OPEN_ORDERS, heldUnits: settings.GUEST_MAX_HELD_UNITS },
      customer: { openOrders: settings.CUSTOMER_MAX_OPEN_ORDERS, heldUnits: settings.CUSTOMER_MAX_HELD_UNITS },
      addressUnits: settings.ADDRESS_MAX_HELD_UNITS,
    },
    vatRegister: settings.VIES_URL === '' ? undefined : viesRegister(settings.VIES_URL),
    wakeConsumers: wakerOf(env),
    wakeWebhooks: () => wakeWebhooks(env.MAIL_EVENTS),
    warn: (event, fields) => log('warn', event, fields),
  }
})

/** @returns undefined for a shop that uses its own rates only */
function calculatorOf({ TAX_PROVIDER, STRIPE_TAX_KEY: secretKey, STRIPE_API_BASE: apiBase }: Settings) {
  if (TAX_PROVIDER === 'rates' || secretKey === undefined) return undefined
  return taxCalculator(stripeCalculator({ secretKey, apiBase }), () => new Date())
}

/** The most that `crypto.getRandomValues` fills at once. */
const MOST_RANDOM_BYTES = 65_536

function randomBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let from = 0; from < length; from += MOST_RANDOM_BYTES) {
    crypto.getRandomValues(bytes.subarray(from, from + MOST_RANDOM_BYTES))
  }
  return bytes
}

const wakerOf =
  (env: Pick<OrdersEnv, 'ORDER_EVENTS' | 'MAIL_EVENTS'>): OrdersDeps['wakeConsumers'] =>
  async (written) => {
    const consumers = new Set(written.flatMap(consumersOf))
    // It wakes live updates and webhooks, too, which the same worker pulls.
    const wakesAll = consumers.has('notifications') || consumers.has('live')
    await Promise.all([
      consumers.has('payments') && wake(env.ORDER_EVENTS, 'shop-order-events'),
      wakesAll && wakeMails(env.MAIL_EVENTS),
      consumers.has('webhooks') && !wakesAll && wakeWebhooks(env.MAIL_EVENTS),
    ])
  }
