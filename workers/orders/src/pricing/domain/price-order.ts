import type { ProductNotFound } from '@shop/contracts/catalog/failures'
import type { Quote } from '@shop/contracts/catalog/rpc'
import type { MixedCurrencies, OrderTotalTooLarge } from '@shop/contracts/orders/failures'
import { type AmountNotChargeable, checkChargeable } from '@shop/kernel/chargeable'
import { type CurrencyCode, chargeRule } from '@shop/kernel/currencies'
import { MAX_MINOR, toMajor } from '@shop/kernel/money'
import { fail, ok, type Result } from '@shop/kernel/result'

export type OrderItem = { productId: number; quantity: number }

/** One item with its price. Name, category and image are copied from the quote. Amounts in minor units. */
export type PricedLine = {
  productId: number
  variantId: number
  name: string
  category: string | null
  imageUrl: string | null
  quantity: number
  unitPrice: number
  total: number
}
export type PricedOrder = { lines: PricedLine[]; total: number; currency: CurrencyCode }

/**
 * Prices the items of an order. The only place that multiplies money. Each item stays a line of its own. The total is one
 * that can be charged, or 0: then there is nothing to charge.
 *
 * @param items at least one; quantities are whole and 1 or more (the request schema has checked both)
 */
export function priceOrder(
  items: OrderItem[],
  quotes: Quote[],
): Result<PricedOrder, ProductNotFound | MixedCurrencies | OrderTotalTooLarge | AmountNotChargeable> {
  const quoteOf = new Map(quotes.map((quote) => [quote.productId, quote]))
  const lines: PricedLine[] = []
  let total = 0
  let currency: CurrencyCode | undefined
  for (const { productId, quantity } of items) {
    const quote = quoteOf.get(productId)
    if (quote === undefined) return fail({ code: 'product_not_found', productId })
    currency ??= quote.currency
    if (quote.currency !== currency) return fail({ code: 'mixed_currencies' })
    const line = priceLine(quote, quantity)
    total += line.total
    // Checked line by line: below the maximum every sum and product is a safe integer, so nothing was rounded.
    const maximum = chargeRule(currency)?.maximum ?? MAX_MINOR
    if (line.total > maximum || total > maximum) {
      return fail({ code: 'order_total_too_large', maximum: toMajor(maximum, currency), currency })
    }
    lines.push(line)
  }
  if (currency === undefined) throw new RangeError('An order has at least one item')
  const chargeable = total === 0 ? ok() : checkChargeable({ minor: total, currency })
  return chargeable.ok ? ok({ lines, total, currency }) : chargeable
}

function priceLine(quote: Quote, quantity: number): PricedLine {
  const { productId, variantId, name, category, imageUrl, price: unitPrice } = quote
  return { productId, variantId, name, category, imageUrl, quantity, unitPrice, total: unitPrice * quantity }
}
