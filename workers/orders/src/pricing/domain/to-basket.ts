import { type CurrencyCode, chargeStep } from '@shop/kernel/currencies'
import type { Basket } from '../../promotions/domain/evaluation/basket.ts'
import type { Pricing, PricingLine } from './pricing.ts'

/**
 * What promotions are evaluated against, with nothing taken off.
 *
 * @throws RangeError when two lines have the same id
 */
export function toBasket({ currency, buyer, lines, shipping }: Pricing): Basket {
  if (new Set(lines.map(({ id }) => id)).size < lines.length) {
    throw new RangeError('Each line of a cart has an id of its own')
  }
  return {
    currency,
    buyer,
    lines: [...lines].sort(byVariant).map((line) => ({ line, left: BigInt(line.unitPrice) * BigInt(line.quantity) })),
    shippingLeft: shipping === null ? null : BigInt(shipping.price),
    unit: roundingUnit(currency, [...lines.map(({ unitPrice }) => unitPrice), shipping?.price ?? 0]),
  }
}

/** Ids come last: those of a cart's lines are not those of its order's, and both must cost the same. */
function byVariant(a: PricingLine, b: PricingLine): number {
  return a.variantId - b.variantId || a.unitPrice - b.unitPrice || a.quantity - b.quantity || (a.id < b.id ? -1 : 1)
}

/** The smallest step that can be charged in the currency, if all prices are multiples of it; otherwise 1 minor unit. */
function roundingUnit(currency: CurrencyCode, prices: readonly number[]): bigint {
  const step = chargeStep(currency)
  return prices.every((price) => price % step === 0) ? BigInt(step) : 1n
}
