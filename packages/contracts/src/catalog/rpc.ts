import type { CurrencyCode } from '@shop/kernel/currencies'
import type { Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { EventSource } from '../events/delivery.ts'
import type { UsersEventsRpc } from '../users/delivered-events.ts'
import type {
  AdjustmentConflict,
  HoldFailure,
  HoldGone,
  ItemNotSoldInCurrency,
  ProductNotFound,
  VariantNotFound,
  VariantRequired,
} from './failures.ts'

export type StockLine = { variantId: number; quantity: number }

/** `continue` sells more than there is: what is available goes below zero. */
export type InventoryPolicy = 'deny' | 'continue'

/**
 * What Postgres has about the stock of a variant. Every call that a stock object may have to open for carries it, so that
 * a variant has no object until it is needed.
 */
export type StockTerms = {
  /** The units that the variant was created with. Never changes. */
  openingStock: number
  /** The sequence of the listed level; 0 until the object has listed one. */
  sequence: number
  /** Stock is low when this many units or fewer are available; null disables the check. */
  threshold: number | null
  /** Counts the changes of the threshold. */
  thresholdVersion: number
  policy: InventoryPolicy
}

/** A line to hold, with the terms of its quote. They are passed on and not stored. */
export type HoldLine = StockLine & { terms: StockTerms }

/** The holds of one order. */
export type OrderHolds = { holdId: string; variantIds: number[] }
export type ExtendHolds = OrderHolds & { expiresAt: Date }
export type CommitHolds = { holdId: string; lines: StockLine[] }

/**
 * Units that a changed order returns to the stock.
 *
 * With a `holdId`: the hold, or its sale, keeps `quantity` units (0 for none) and the others are returned. With a `key`: `quantity` sold
 * units were returned later. `return` adds them to the stock; `damage` adds nothing, and records in the variant's ledger that they cannot
 * be sold again.
 */
export type GivenBack =
  | { holdId: string; variantId: number; quantity: number }
  | { key: string; variantId: number; quantity: number; reason: 'return' | 'damage'; note: string }

/** What names a variant. The id of a product names its only one. */
export type VariantRef = { variantId: number } | { sku: string } | { productId: number }

/**
 * `currency`: default is the first one of each variant. `collectionIds`: the collections that matter to the caller; default
 * none.
 */
export type QuoteRequest = {
  refs: VariantRef[]
  currency?: CurrencyCode | undefined
  collectionIds?: readonly number[] | undefined
}

export type QuoteFailure = ProductNotFound | VariantNotFound | VariantRequired | ItemNotSoldInCurrency

/** The data of a variant that an order is priced by and that it stores when it is placed. `price` is in minor units. */
export type Quote = {
  productId: number
  variantId: number
  sku: string | null
  options: Record<string, string>
  name: string
  category: string | null
  imageUrl: string | null
  price: number
  currency: CurrencyCode
  /** This and what follows is not stored with the order. */
  type: 'physical' | 'digital' | 'gift_card'
  taxCategory: string | null
  shippingClass: string | null
  /** Of one unit. */
  weightGrams: number | null
  /** Those of the product, and those above them. */
  categoryIds: number[]
  /** Those of the request that have the product. */
  collectionIds: number[]
  /** The most units of the product that one order may have; null for any number. */
  maxPerOrder: number | null
  /** As it was last listed, for display: only holding the stock decides. May be below 0 where `stock.policy` is `continue`. */
  available: number
  /** Passed back when the stock is held. */
  stock: StockTerms
}

/**
 * The state of a hold id. `sold`, `returned` (sold, then reversed) and `refused` (the hold was gone and too few units were
 * available) are kept for good; `released` and `expired` become `unknown` after 48 hours.
 */
export type HoldState = 'live' | 'released' | 'expired' | 'sold' | 'returned' | 'refused' | 'unknown'

/** `quantity` is 0 for a hold that never was; `expiresAt` is null unless the hold is live. */
export type FoundHold = {
  variantId: number
  holdId: string
  state: HoldState
  quantity: number
  expiresAt: Date | null
}

/** The answers of a call about many orders, in the order of its requests. One that fails stops no other. */
export type ForEachOrder<F> = Result<Result<undefined, F | ServiceUnavailable>[], ServiceUnavailable>

/**
 * What the users, orders and notifications workers call. Every call may be repeated with the same effect and answer.
 *
 * What sweeps and consumers of events call takes a list: an invocation may call other workers 32 times.
 */
export interface CatalogRpc extends EventSource, UsersEventsRpc<'catalog'> {
  /**
   * Current prices and names, one quote for each reference in the order asked for, read from the database and never from a
   * cache. Prices are those in force by the clock of the catalog when it is asked. Several references may name one variant.
   * Fails with the first one that names nothing for sale, several variants, or one that is not sold in the currency.
   */
  quote(request: QuoteRequest): Promise<Result<Quote[], QuoteFailure | ServiceUnavailable>>

  /**
   * The same for a cart: what is wrong with one reference stops no other, and a quote may be a second old.
   */
  quoteEach(request: QuoteRequest): Promise<Result<Result<Quote, QuoteFailure>[], ServiceUnavailable>>

  /**
   * Holds all lines or nothing, under one hold id. Lines name different variants.
   *
   * After a refusal this call has released its own holds; a hold of another id is never touched.
   */
  holdStock(request: {
    holdId: string
    lines: HoldLine[]
    expiresAt: Date
  }): Promise<Result<undefined, HoldFailure | ServiceUnavailable>>

  /** Extends `expiresAt` of live holds; never shortens it. */
  extendHolds(requests: ExtendHolds[]): Promise<ForEachOrder<HoldGone>>

  /** Releases holds; an unknown or ended hold is no failure. Committed units stay sold. */
  releaseHolds(requests: OrderHolds[]): Promise<ForEachOrder<never>>

  /** Reverses sales, once; a hold that was never sold or was returned already is no failure. */
  returnSales(requests: OrderHolds[]): Promise<ForEachOrder<never>>

  /**
   * Turns holds into sales, all or nothing for each order. Units of an expired hold are taken again from what is
   * available; if that fails, the lines of the order that this call committed are returned to stock.
   */
  commitHolds(requests: CommitHolds[]): Promise<ForEachOrder<HoldFailure>>

  /** Returns units to the stock; each request counts once. Works for variants that are no longer for sale, too. */
  takeBack(requests: GivenBack[]): Promise<ForEachOrder<AdjustmentConflict>>

  /**
   * The states of holds, one for each hold id and variant, in any order, for comparing orders with the stock. Changes
   * nothing but that overdue holds expire. Asks one object per variant, so pass at most some hundred.
   */
  findHolds(holds: { holdId: string; variantIds: number[] }[]): Promise<Result<FoundHold[], ServiceUnavailable>>
}
