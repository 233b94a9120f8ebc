import {
  type MixedCurrencies,
  maximumCharge,
  type OrderLine,
  type OrderTotalTooLarge,
  type ProductNotFound,
  type Quote,
  type StockLine,
} from '@shop/contracts'
import { type CurrencyCode, fail, ok, type Result, toMajor } from '@shop/kernel'

export type OrderItem = { productId: number; quantity: number }
export type PricedOrder = { lines: OrderLine[]; total: number; currency: CurrencyCode }

/**
 * Prices the items of an order: the only place that multiplies money. Each item stays a line of its own.
 *
 * @param items at least one, quantities whole and 1 or more (the contract schema has checked both)
 */
export function priceOrder(
  items: OrderItem[],
  quotes: Quote[],
): Result<PricedOrder, ProductNotFound | MixedCurrencies | OrderTotalTooLarge> {
  const quoteOf = new Map(quotes.map((quote) => [quote.productId, quote]))
  const lines: OrderLine[] = []
  let total = 0
  let currency: CurrencyCode | undefined
  for (const { productId, quantity } of items) {
    const quote = quoteOf.get(productId)
    if (quote === undefined) return fail({ code: 'product_not_found', productId })
    currency ??= quote.currency
    if (quote.currency !== currency) return fail({ code: 'mixed_currencies' })
    const lineTotal = quote.price * quantity
    total += lineTotal
    // Checked line by line: below the bound every sum and product is a safe integer, so nothing was rounded.
    const maximum = maximumCharge(currency)
    if (lineTotal > maximum || total > maximum) {
      return fail({ code: 'order_total_too_large', maximum: toMajor(maximum, currency), currency })
    }
    const { variantId, name, category, imageUrl, price: unitPrice } = quote
    lines.push({ productId, variantId, name, category, imageUrl, quantity, unitPrice, total: lineTotal })
  }
  if (currency === undefined) throw new RangeError('An order has at least one item')
  return ok({ lines, total, currency })
}

/** What the lines take out of stock: one entry a variant, lines of the same variant counted together. */
export function stockLinesOf(lines: OrderLine[]): StockLine[] {
  const quantities = new Map<number, number>()
  for (const { variantId, quantity } of lines) quantities.set(variantId, (quantities.get(variantId) ?? 0) + quantity)
  return [...quantities].map(([variantId, quantity]) => ({ variantId, quantity }))
}

export function variantIdsOf(lines: OrderLine[]): number[] {
  return [...new Set(lines.map((line) => line.variantId))]
}
