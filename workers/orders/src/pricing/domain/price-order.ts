import type { Quote, VariantRef } from '@shop/contracts/catalog/rpc'
import type { MixedCurrencies, OrderTotalTooLarge } from '@shop/contracts/orders/failures'
import { type AmountNotChargeable, checkChargeable } from '@shop/kernel/chargeable'
import { type CurrencyCode, chargeRule } from '@shop/kernel/currencies'
import { MAX_MINOR, toMajor } from '@shop/kernel/money'
import { fail, ok, type Result } from '@shop/kernel/result'

export type OrderItem = VariantRef & { quantity: number }

/** One item with its price. What describes the variant is copied from its quote. Amounts in minor units. */
export type PricedLine = {
  productId: number
  variantId: number
  sku: string | null
  options: Record<string, string>
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
 * @param quotes one for each item, in the same order
 * @throws RangeError when there are no items, or an item has no quote
 */
export function priceOrder(
  items: OrderItem[],
  quotes: Quote[],
): Result<PricedOrder, MixedCurrencies | OrderTotalTooLarge | AmountNotChargeable> {
  const lines: PricedLine[] = []
  let total = 0
  let currency: CurrencyCode | undefined
  for (const [index, { quantity }] of items.entries()) {
    const quote = quotes[index]
    if (quote === undefined) throw new RangeError('Each item of an order has a quote')
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
  const { productId, variantId, sku, options, name, category, imageUrl, price: unitPrice } = quote
  const product = { productId, variantId, sku, options, name, category, imageUrl }
  return { ...product, quantity, unitPrice, total: unitPrice * quantity }
}
