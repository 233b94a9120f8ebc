import type { GivenPromotion } from '../../promotions/domain/evaluation/apply-promotions.ts'
import type { Basket, Discount } from '../../promotions/domain/evaluation/basket.ts'
import type { GivenTaxes, Pricing, PricingLine, TaxLine } from './pricing.ts'
import { sum } from './rational.ts'
import { shippingParts } from './shipping-parts.ts'
import { type TaxAmount, taxesOf } from './tax.ts'

type Adjusted = { subtotal: bigint; adjustments: readonly { promotionId: string; amount: bigint }[] }

/** A line, or shipping, with exact amounts in minor units. */
export type CartPart = Adjusted & { taxes: readonly TaxAmount[] }

export type CartLinePart = CartPart & { line: PricingLine }

/** The lines in the order of the basket. */
export type CartParts = { lines: CartLinePart[]; shipping: CartPart | null }

/** Takes the discounts off the lines and shipping of a basket, and taxes what is left of each. */
export function toCartParts(
  basket: Basket,
  given: readonly GivenPromotion[],
  rules: Pick<Pricing, 'pricesIncludeTax' | 'rounding' | 'givenTaxes'>,
): CartParts {
  const lines = basket.lines.map(({ line, left }) => ({
    line,
    ...adjusted(left, given, (discount) => discount.lines.get(line.id) ?? 0n),
  }))
  const { shippingLeft } = basket
  const shipping = shippingLeft === null ? null : adjusted(shippingLeft, given, (discount) => discount.shipping)
  if (rules.givenTaxes !== undefined) return withGivenTaxes(rules.givenTaxes, lines, shipping)
  const taxed = lines.map((part) => ({ ...part.line, amount: discounted(part) }))
  const shipped = taxed.filter(({ isShipped }) => isShipped)
  const taxedShipping =
    shipping === null ? [] : shippingParts(discounted(shipping), shipped.length > 0 ? shipped : taxed)
  const taxes = taxesOf([...taxed, ...taxedShipping], { ...rules, unit: basket.unit })
  return {
    lines: lines.map((part, index) => ({ ...part, taxes: taxes[index] ?? [] })),
    shipping: shipping === null ? null : { ...shipping, taxes: sumByRate(taxes.slice(lines.length).flat()) },
  }
}

function withGivenTaxes(
  given: GivenTaxes,
  lines: readonly Omit<CartLinePart, 'taxes'>[],
  shipping: Adjusted | null,
): CartParts {
  return {
    lines: lines.map((part) => ({ ...part, taxes: sumByRate((given.lines.get(part.line.id) ?? []).map(toAmount)) })),
    shipping: shipping && { ...shipping, taxes: sumByRate(given.shipping.map(toAmount)) },
  }
}

const toAmount = ({ rateId: id, name, rate, amount }: TaxLine): TaxAmount => {
  return { tax: { id, name, rate, isCompound: false }, amount: BigInt(amount) }
}

function adjusted(
  subtotal: bigint,
  given: readonly GivenPromotion[],
  amountIn: (discount: Discount) => bigint,
): Adjusted {
  const adjustments = given.map(({ promotion, discount }) => ({
    promotionId: promotion.id,
    amount: amountIn(discount),
  }))
  return { subtotal, adjustments: adjustments.filter(({ amount }) => amount > 0n) }
}

export function discountOf({ adjustments }: Adjusted): bigint {
  return sum(adjustments.map(({ amount }) => amount))
}

function discounted(part: Adjusted): bigint {
  return part.subtotal - discountOf(part)
}

export function taxOf({ taxes }: CartPart): bigint {
  return sum(taxes.map(({ amount }) => amount))
}

/** @param pricesIncludeTax then tax is in the subtotal already */
export function totalOf(part: CartPart, pricesIncludeTax: boolean): bigint {
  return discounted(part) + (pricesIncludeTax ? 0n : taxOf(part))
}

/** The sum of each rate, in the order in which rates come first. */
export function sumByRate(taxes: readonly TaxAmount[]): TaxAmount[] {
  const sums = new Map<string, TaxAmount>()
  for (const { tax, amount } of taxes) {
    sums.set(tax.id, { tax, amount: (sums.get(tax.id)?.amount ?? 0n) + amount })
  }
  return [...sums.values()]
}
