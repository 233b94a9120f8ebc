import { decideRunning, type RunningPromotion } from '../../promotions/domain/running-promotions.ts'
import { needsShipping, optionsFor, type ShippedLine } from '../../shipping/domain/options-for.ts'
import { type TaxTerms, taxTermsOf } from '../../tax/domain/tax-terms.ts'
import { taxesFor } from '../../tax/domain/taxes-for.ts'
import { withoutTax } from '../../tax/domain/without-tax.ts'
import { priceCart } from './price-cart.ts'
import { priceWithoutTax } from './price-without-tax.ts'
import type { AppliedTax, PricedCart, Pricing, PricingLine } from './pricing.ts'
import type { PricedPurchase, Purchase, PurchaseLine } from './purchase.ts'

/**
 * What a purchase costs and how it can be shipped: applies the rules of shipping, tax and promotions, and computes all totals
 * by `priceCart`. Carts, orders and quotes all use it.
 *
 * A buyer who pays no tax pays the prices without the tax that they include. Shipping that depends on the subtotal goes by
 * catalog prices before any discount.
 */
export function pricePurchase(purchase: Purchase): PricedPurchase {
  const { lines, currency, destination, isDeliverable, rules } = purchase
  const terms = termsOf(purchase)
  const taxes = lines.map((line) => taxesOf(line, purchase, terms))
  const shipped = lines.map(toShippedLine)
  const parcel = { lines: shipped, currency, subtotal: subtotalOf(lines) }
  const offered = isDeliverable && destination ? optionsFor(rules.zones, { ...parcel, destination }) : []
  const paysNoTax = terms !== null && terms.exemption !== null
  const calculated = paysNoTax ? undefined : purchase.calculatedTaxes
  const isReduced = paysNoTax && terms.pricesIncludeTax
  const options = offered.map((option) => ({
    ...option,
    price: isReduced ? priceWithoutTax(option.price, shippedValues(lines, taxes)) : option.price,
  }))
  const option = options.find(({ id }) => id === purchase.shippingOptionId) ?? null
  const pricing: Omit<Pricing, 'promotions'> = {
    currency,
    lines: lines.map((line, index) => {
      const due = taxes[index] ?? []
      const { price } = line.quote
      const unitPrice = isReduced ? withoutTax(price, due) : price
      return toPricingLine(line, { unitPrice, taxes: paysNoTax ? [] : due })
    }),
    shipping: option && { optionId: option.id, name: option.name, price: option.price },
    pricesIncludeTax: !paysNoTax && (terms?.pricesIncludeTax ?? false),
    rounding: purchase.rounding,
    givenTaxes: calculated,
    buyer: {
      country: destination?.country ?? null,
      groupIds: rules.groupIds,
      isFirstOrder: rules.isFirstOrder,
    },
  }
  const { running, refused: unusable } = decideRunning(rules.candidates, purchase)
  const { priced, refused: unaffordable } = priceWithinBudgets(pricing, running)
  const refusedCodes = [...unusable, ...unaffordable, ...refusedBy(priced)]
  return {
    ...priced,
    ...{ needsShipping: needsShipping(shipped), options, option, refusedCodes },
    exemption: calculated?.isReversed ? 'reverse_charge' : (terms?.exemption ?? null),
    taxCalculationId: calculated?.calculationId ?? null,
  }
}

/** Null while the destination is unknown. */
function termsOf({ origin, destination, vatId, calculatedTaxes, rules: { tax } }: Purchase): TaxTerms | null {
  const ownVatId = calculatedTaxes === undefined ? vatId : null
  return destination && taxTermsOf(tax.country, { origin, destination, isExempt: tax.isExempt, vatId: ownVatId })
}

function taxesOf({ quote }: PurchaseLine, { rules, now: at }: Purchase, terms: TaxTerms | null): AppliedTax[] {
  // What a gift card buys is taxed when it is spent. Source: Directive 2006/112/EC, article 30b (multi-purpose vouchers).
  if (terms === null || quote.type === 'gift_card') return []
  return taxesFor(rules.tax.rates, { destination: terms.place, taxCategory: quote.taxCategory, at })
}

function toShippedLine({ quantity, quote: { type, weightGrams, shippingClass } }: PurchaseLine): ShippedLine {
  return { quantity, isPhysical: type === 'physical', weightGrams, shippingClass }
}

const subtotalOf = (lines: readonly PurchaseLine[]) =>
  lines.reduce((sum, { quantity, quote }) => sum + quantity * quote.price, 0)

function shippedValues(lines: readonly PurchaseLine[], taxes: readonly (readonly AppliedTax[])[]) {
  return lines.flatMap(({ quantity, quote }, index) =>
    quote.type === 'physical' ? [{ value: quantity * quote.price, quantity, taxes: taxes[index] ?? [] }] : [],
  )
}

function toPricingLine(
  { id, quantity, quote }: PurchaseLine,
  priced: Pick<PricingLine, 'unitPrice' | 'taxes'>,
): PricingLine {
  const { productId, variantId, categoryIds, collectionIds, type } = quote
  return {
    id,
    productId,
    variantId,
    categoryIds,
    collectionIds,
    quantity,
    isShipped: type === 'physical',
    isGiftCard: type === 'gift_card',
    ...priced,
  }
}

/** Without each promotion that would take off more than is left of its budget. */
function priceWithinBudgets(pricing: Omit<Pricing, 'promotions'>, running: readonly RunningPromotion[]) {
  const refused: PricedPurchase['refusedCodes'] = []
  let left = running
  for (;;) {
    const priced = priceCart({ ...pricing, promotions: left.map(({ promotion }) => promotion) })
    const exceeding = left.find(({ promotion, budgetLeft }) => {
      const given = priced.adjustments.find(({ promotionId }) => promotionId === promotion.id)
      return budgetLeft !== null && given !== undefined && given.amount > budgetLeft
    })
    if (exceeding === undefined) return { priced, refused }
    const { id } = exceeding.promotion
    for (const { promotion } of left) {
      if (promotion.id === id && promotion.code !== null) refused.push({ code: promotion.code, reason: 'used_up' })
    }
    left = left.filter(({ promotion }) => promotion.id !== id)
  }
}

const refusedBy = ({ refused }: PricedCart) =>
  refused.flatMap(({ code, reason }) => (code === null ? [] : [{ code, reason }]))
