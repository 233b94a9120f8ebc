import type { Result, ServiceUnavailable } from '@shop/kernel'
import type { HoldFailure, HoldGone, ProductNotFound } from './failures.ts'
import type { FoundHold, Quote } from './model.ts'

export type StockLine = { variantId: number; quantity: number }

/** What the orders worker may ask of the catalog. Every call may be repeated with the same effect and answer. */
export interface CatalogRpc {
  /** Prices and names as of now, read from the database and never from a cache, in the order asked for. */
  quote(productIds: number[]): Promise<Result<Quote[], ProductNotFound | ServiceUnavailable>>

  /**
   * Holds every line or nothing, under one hold id. Lines name different variants.
   *
   * After a refusal this call has released what it had taken; a hold of another id is never touched.
   */
  holdStock(request: {
    holdId: string
    lines: StockLine[]
    expiresAt: Date
  }): Promise<Result<undefined, HoldFailure | ServiceUnavailable>>

  /** Moves the end of live holds to `expiresAt` if that is later. */
  extendHolds(request: {
    holdId: string
    variantIds: number[]
    expiresAt: Date
  }): Promise<Result<undefined, HoldGone | ServiceUnavailable>>

  /** Frees the holds; one that never was or has ended already is no failure. Committed units stay sold. */
  releaseHolds(request: { holdId: string; variantIds: number[] }): Promise<Result<undefined, ServiceUnavailable>>

  /** Takes sales back into stock, once; what was never sold or is back already has nothing to return. */
  returnSales(request: { holdId: string; variantIds: number[] }): Promise<Result<undefined, ServiceUnavailable>>

  /**
   * Turns the holds into sales, all or nothing. Where a hold has expired the units are taken again from what is
   * available; if that fails, the lines committed by this call are returned to stock.
   */
  commitHolds(request: {
    holdId: string
    lines: StockLine[]
  }): Promise<Result<undefined, HoldFailure | ServiceUnavailable>>

  /**
   * What became of holds: one answer for each hold id and variant, in any order. Changes nothing but that holds whose
   * time is over are ended. For comparing orders with the stock; asks one object per variant, so keep to some hundred.
   */
  findHolds(holds: { holdId: string; variantIds: number[] }[]): Promise<Result<FoundHold[], ServiceUnavailable>>
}
