import type { CurrencyCode } from '@shop/kernel/currencies'

export const SALES_GROUPS = ['day', 'product', 'country'] as const
export type SalesGroup = (typeof SALES_GROUPS)[number]

/**
 * Sums over the sales and the movements of money of a period, in minor units of one currency. Each is a plain sum of what is
 * stored, so the sums of parts add up to those of the whole.
 */
export type SalesSums = {
  /** How many orders were sold. Of a product: how many of them have it. */
  orders: number
  /** At the prices before discounts. */
  gross: number
  discounts: number
  shipping: number
  /** All tax, and the part of it that the prices include. */
  tax: number
  includedTax: number
  /** The part of the orders sold that gift cards paid. */
  giftCards: number
  /** What was captured less what was to be charged of the orders sold. Below 0 where only a part of an order was captured. */
  adjustments: number
  /** Less those that banks sent back. */
  refunds: number
  /** Refunds to gift cards instead of money: to the cards that paid, or as store credit. */
  credited: number
  /** What banks withdrew, less what they returned. */
  disputes: number
}

export type SalesFigures = SalesSums & { total: number; captured: number; net: number }

/** Sums of one currency. */
export type SalesTotals = SalesSums & { currency: CurrencyCode }

/** Sums of one currency and one group. */
export type SalesRow = SalesTotals & {
  /** The day as `YYYY-MM-DD`, the id of the product as text, or the code of the country; null for what belongs to none. */
  key: string | null
  /** The name of a product when it was sold last in the period, or else when what was refunded last was sold. */
  name: string | null
}

/**
 * The sums with the figures that follow from them.
 *
 * @returns `total`: what the orders sold came to; `captured`: what came in; `net`: by how much the money at Stripe changed
 * @throws RangeError past Number.MAX_SAFE_INTEGER, since a rounded figure would be wrong
 */
export function figuresOf({
  orders,
  gross,
  discounts,
  shipping,
  tax,
  includedTax,
  giftCards,
  adjustments,
  refunds,
  credited,
  disputes,
}: SalesSums): SalesFigures {
  const total = gross - discounts + shipping + tax - includedTax
  const captured = total - giftCards + adjustments
  const net = captured - refunds - disputes
  const figures = {
    orders,
    gross,
    discounts,
    shipping,
    tax,
    includedTax,
    total,
    giftCards,
    adjustments,
    captured,
    refunds,
    credited,
    disputes,
    net,
  }
  if (!Object.values(figures).every(Number.isSafeInteger)) {
    throw new RangeError('A sum of the report is too large to be exact')
  }
  return figures
}
