import { applyPromotions } from '../../promotions/domain/evaluation/apply-promotions.ts'
import { type Basket, discountAmount } from '../../promotions/domain/evaluation/basket.ts'
import { type CartLinePart, type CartPart, discountOf, sumByRate, taxOf, toCartParts, totalOf } from './cart-parts.ts'
import type { PricedCart, PricedCartLine, PricedPart, PricedShipping, Pricing, TaxLine } from './pricing.ts'
import { sum } from './rational.ts'
import type { TaxAmount } from './tax.ts'
import { toBasket } from './to-basket.ts'

/**
 * Computes all totals of a cart, an order or a quote. The only place that does.
 *
 * Every part adds up to its whole to the last minor unit, and none is negative. The order of lines and promotions does not
 * matter. Nothing is refused: the caller checks that the total can be charged.
 *
 * Discounts, and tax that is added to prices, are multiples of the smallest step that can be charged in the currency, if all
 * prices are: 10 fils for KWD. Otherwise few totals could be charged.
 *
 * @returns amounts that are exact up to Number.MAX_SAFE_INTEGER. They are computed without that bound, and one beyond it is
 * returned as the nearest double, so it still compares as too large
 * @throws RangeError when two lines have the same id
 */
export function priceCart(pricing: Pricing): PricedCart {
  const { currency, pricesIncludeTax } = pricing
  const basket = toBasket(pricing)
  const { given, refused } = applyPromotions(pricing.promotions, withoutGiftCards(basket))
  const { lines, shipping } = toCartParts(basket, given, pricing)
  return {
    currency,
    pricesIncludeTax,
    lines: pricedLines(pricing, lines),
    shipping: pricedShipping(pricing, shipping),
    ...totals(shipping === null ? lines : [...lines, shipping], shipping?.subtotal ?? 0n, pricesIncludeTax),
    adjustments: given.map(({ promotion: { id, code, name, type }, discount }) => {
      return { promotionId: id, code, name, type, amount: Number(discountAmount(discount)) }
    }),
    refused: refused
      .filter(({ promotion }) => promotion.code !== null)
      .map(({ promotion: { id, code }, reason }) => ({ promotionId: id, code, reason })),
  }
}

const withoutGiftCards = (basket: Basket): Basket => ({
  ...basket,
  lines: basket.lines.filter(({ line }) => !line.isGiftCard),
})

/** The lines in the order in which they were entered. */
function pricedLines({ lines, pricesIncludeTax }: Pricing, parts: readonly CartLinePart[]): PricedCartLine[] {
  const priced = new Map(parts.map((part) => [part.line.id, pricedPart(part, pricesIncludeTax)]))
  return lines.flatMap(({ id, unitPrice, quantity }) => {
    const part = priced.get(id)
    return part === undefined ? [] : [{ id, unitPrice, quantity, ...part }]
  })
}

function pricedShipping({ shipping, pricesIncludeTax }: Pricing, part: CartPart | null): PricedShipping | null {
  if (shipping === null || part === null) return null
  return { optionId: shipping.optionId, name: shipping.name, ...pricedPart(part, pricesIncludeTax) }
}

function pricedPart(part: CartPart, pricesIncludeTax: boolean): PricedPart {
  return {
    subtotal: Number(part.subtotal),
    discount: Number(discountOf(part)),
    tax: Number(taxOf(part)),
    total: Number(totalOf(part, pricesIncludeTax)),
    adjustments: part.adjustments.map(({ promotionId, amount }) => ({ promotionId, amount: Number(amount) })),
    taxLines: taxLines(part.taxes),
  }
}

function taxLines(taxes: readonly TaxAmount[]): TaxLine[] {
  return taxes.map(({ tax: { id, name, rate }, amount }) => ({ rateId: id, name, rate, amount: Number(amount) }))
}

type Totals = Pick<PricedCart, 'subtotal' | 'discountTotal' | 'shippingTotal' | 'taxTotal' | 'total' | 'taxLines'>

/** @param parts all lines, and shipping where there is some */
function totals(parts: readonly CartPart[], shippingTotal: bigint, pricesIncludeTax: boolean): Totals {
  const sumOf = (amountOf: (part: CartPart) => bigint) => sum(parts.map(amountOf))
  return {
    subtotal: Number(sumOf(({ subtotal }) => subtotal) - shippingTotal),
    discountTotal: Number(sumOf(discountOf)),
    shippingTotal: Number(shippingTotal),
    taxTotal: Number(sumOf(taxOf)),
    total: Number(sumOf((part) => totalOf(part, pricesIncludeTax))),
    taxLines: taxLines(sumByRate(parts.flatMap(({ taxes }) => taxes))),
  }
}
