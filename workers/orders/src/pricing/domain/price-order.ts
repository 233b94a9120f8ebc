import type { Quote, VariantRef } from '@shop/contracts/catalog/rpc'
import type {
  AddressRequired,
  CodeNotApplied,
  MixedCurrencies,
  OrderTotalTooLarge,
  ShippingOptionNotOffered,
  ShippingRequired,
  TotalChanged,
} from '@shop/contracts/orders/failures'
import { type AmountNotChargeable, checkChargeable } from '@shop/kernel/chargeable'
import { type CurrencyCode, chargeRule } from '@shop/kernel/currencies'
import { type InvalidAmount, MAX_MINOR, toMajor } from '@shop/kernel/money'
import { fail, ok, type Result } from '@shop/kernel/result'
import {
  type AppliedGiftCard,
  applyGiftCards,
  type SpendableCard,
  sumOf,
} from '../../gift-cards/domain/apply-gift-cards.ts'
import { giftCardPrice } from '../../gift-cards/domain/gift-card-price.ts'
import { type CheckoutRequirements, checkCheckout } from './check-checkout.ts'
import { checkExpected, type Expected } from './check-expected.ts'
import { pricePurchase } from './price-purchase.ts'
import type { PricedCart, PricedPart, PricedShipping } from './pricing.ts'
import type { PricedPurchase, Purchase } from './purchase.ts'

export type OrderItem = VariantRef & { quantity: number }

/** One item with its prices. What describes the variant is copied from its quote. Amounts in minor units. */
export type PricedLine = PricedPart & {
  productId: number
  variantId: number
  sku: string | null
  options: Record<string, string>
  name: string
  category: string | null
  imageUrl: string | null
  /** Its units are mailed when the order is paid. */
  isGiftCard: boolean
  quantity: number
  unitPrice: number
}

export type OrderShipping = PricedShipping & { estimate: string | null; isPickup: boolean }

export type PricedOrder = Omit<PricedCart, 'lines' | 'shipping' | 'refused'> & {
  lines: PricedLine[]
  shipping: OrderShipping | null
  taxExemption: PricedPurchase['exemption']
  /** Whose rates apply: the shop's own, or those of Stripe Tax, whose calculation it is then. */
  taxProvider: 'rates' | 'stripe'
  taxCalculationId: string | null
  /** What gift cards pay of the total, in the order in which they are used. */
  giftCards: AppliedGiftCard[]
}

/** What decides about the prices of an order beside its items. */
export type OrderTerms = Omit<Purchase, 'lines' | 'currency'> & {
  requires: CheckoutRequirements
  /** What the buyer has seen; the order is refused if it differs. */
  expected: Expected
  /** Those that were entered, in the currency of the order. */
  giftCards: readonly SpendableCard[]
}

export type PriceOrderFailure =
  | OrderTotalTooLarge
  | AmountNotChargeable
  | AddressRequired
  | ShippingRequired
  | ShippingOptionNotOffered
  | CodeNotApplied
  | InvalidAmount
  | TotalChanged

/** What an order is priced from, with what the shop asks for and the buyer expects. */
export type OrderPurchase = Purchase & Pick<OrderTerms, 'requires' | 'expected' | 'giftCards'>

/**
 * Prices an order, and refuses it where something is missing that it needs. What gift cards leave of the total can be charged, or is
 * 0: then there is nothing to charge.
 *
 * @param quotes those of the lines, in the same order
 */
export function priceOrder(purchase: OrderPurchase, quotes: readonly Quote[]): Result<PricedOrder, PriceOrderFailure> {
  const priced = pricePurchase(purchase)
  const checked = checkCheckout(priced, purchase)
  if (!checked.ok) return checked
  const expected = checkExpected(priced, purchase.expected)
  if (!expected.ok) return expected
  const giftCards = applyGiftCards({ ...priced, giftCardPrice: giftCardPrice(priced, purchase) }, purchase.giftCards)
  const payable = checkTotal(priced, sumOf(giftCards))
  return payable.ok ? ok({ ...toPricedOrder(priced, quotes), giftCards }) : payable
}

/**
 * Makes lines of the items of an order. Each item stays a line of its own, whose id is its index.
 *
 * @param items at least one; quantities are whole and 1 or more (the request schema has checked both)
 * @param quotes one for each item, in the same order
 * @throws RangeError when there are no items, or an item has no quote
 */
export function toOrderPurchase(
  items: readonly OrderItem[],
  quotes: readonly Quote[],
  terms: OrderTerms,
): Result<OrderPurchase, MixedCurrencies | OrderTotalTooLarge> {
  const lines = items.map(({ quantity }, index) => {
    const quote = quotes[index]
    if (quote === undefined) throw new RangeError('Each item of an order has a quote')
    return { id: String(index), quantity, quote }
  })
  const currency = currencyOf(lines.map(({ quote }) => quote))
  if (!currency.ok) return currency
  const subtotals = checkSubtotals(lines, currency.value)
  return subtotals.ok ? ok({ ...terms, lines, currency: currency.value }) : subtotals
}

function currencyOf(quotes: readonly Quote[]): Result<CurrencyCode, MixedCurrencies> {
  const [first] = quotes
  if (first === undefined) throw new RangeError('An order has at least one item')
  return quotes.every(({ currency }) => currency === first.currency)
    ? ok(first.currency)
    : fail({ code: 'mixed_currencies' })
}

type Quoted = { quantity: number; quote: Pick<Quote, 'price'> }

/**
 * Before discounts. Checked line by line: below the maximum every sum and product is a safe integer, so nothing was rounded.
 */
function checkSubtotals(lines: readonly Quoted[], currency: CurrencyCode): Result<undefined, OrderTotalTooLarge> {
  const maximum = maximumOf(currency)
  let subtotal = 0
  for (const { quantity, quote } of lines) {
    const line = quote.price * quantity
    subtotal += line
    if (line > maximum || subtotal > maximum) return fail(tooLarge(currency))
  }
  return ok()
}

/**
 * Checks that what is due of a total can be charged, or is 0.
 *
 * @param paid what gift cards pay of it, or what was paid before
 */
export function checkTotal(
  { total, currency }: Pick<PricedCart, 'total' | 'currency'>,
  paid: number,
): Result<undefined, OrderTotalTooLarge | AmountNotChargeable> {
  const due = total - paid
  if (total > maximumOf(currency)) return fail(tooLarge(currency))
  return due === 0 ? ok() : checkChargeable({ minor: due, currency })
}

const maximumOf = (currency: CurrencyCode) => chargeRule(currency)?.maximum ?? MAX_MINOR

const tooLarge = (currency: CurrencyCode): OrderTotalTooLarge => {
  return { code: 'order_total_too_large', maximum: toMajor(maximumOf(currency), currency), currency }
}

function toPricedOrder(priced: PricedPurchase, quotes: readonly Quote[]): Omit<PricedOrder, 'giftCards'> {
  const { subtotal, discountTotal, shippingTotal, taxTotal, total, currency, pricesIncludeTax } = priced
  const { adjustments, taxLines, exemption: taxExemption, taxCalculationId, shipping, option } = priced
  return {
    ...{ subtotal, discountTotal, shippingTotal, taxTotal, total, currency, pricesIncludeTax },
    ...{ adjustments, taxLines, taxExemption, taxCalculationId },
    taxProvider: taxCalculationId === null ? 'rates' : 'stripe',
    shipping: shipping && option && { ...shipping, estimate: option.estimate, isPickup: option.isPickup },
    lines: toPricedLines(priced, quotes),
  }
}

/** The lines of an order, described as their quotes say. */
export function toPricedLines({ lines }: Pick<PricedPurchase, 'lines'>, quotes: readonly Quote[]): PricedLine[] {
  return lines.flatMap(({ id: _, ...line }, index) => {
    const quote = quotes[index]
    if (quote === undefined) return []
    const { productId, variantId, sku, options, name, category, imageUrl, type } = quote
    return [{ productId, variantId, sku, options, name, category, imageUrl, isGiftCard: type === 'gift_card', ...line }]
  })
}
