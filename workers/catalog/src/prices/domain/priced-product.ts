import type { NotSoldInCurrency } from '@shop/contracts/catalog/failures'
import type { CurrencyCode } from '@shop/kernel/currencies'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { Product } from '../../products/domain/product.ts'
import type { Variant } from '../../variants/domain/variant.ts'
import { currenciesAt, type Moment, nextPriceChange, priceAt, regularPrice } from './price-at.ts'
import type { Price } from './price-list.ts'

/** The price of a variant in one currency at one moment. */
export type ShownPrice = {
  currency: CurrencyCode
  /** What it costs. */
  current: Price
  /** The price without dates, which staff edit; the current one where there is none. */
  regular: Price
  /** In which it is sold at the moment, its first one first. */
  currencies: CurrencyCode[]
}

export type PricedVariant = Variant & { shown: ShownPrice }

/** A product with those of its variants that are sold in one currency at one moment: at least one. */
export type PricedProduct = Omit<Product, 'variants'> & {
  variants: PricedVariant[]
  /** When its prices next change by themselves, in milliseconds since the epoch. */
  changesAt: number | undefined
}

/** A variant with its price; undefined when it is not sold in the currency. */
export function pricedVariant<V extends Variant>(
  variant: V,
  { now, currency = variant.currency }: Moment,
): (V & PricedVariant) | undefined {
  const current = priceAt(variant, currency, now)
  if (current === undefined) return undefined
  const regular = regularPrice(variant, currency) ?? current
  return { ...variant, shown: { currency, current, regular, currencies: currenciesAt(variant, now) } }
}

/** A product with its prices, unless no variant of it is sold in the currency. */
export function pricedProduct(product: Product, moment: Moment): Result<PricedProduct, NotSoldInCurrency> {
  const variants = product.variants.flatMap((variant) => pricedVariant(variant, moment) ?? [])
  const next = changesAt(product.variants, moment.now)
  if (variants.length > 0 || moment.currency === undefined) return ok({ ...product, variants, changesAt: next })
  return fail({ code: 'not_sold_in_currency', productId: product.id, currency: moment.currency })
}

/** A variant with its price in its first currency, in which it is always sold. */
export function inFirstCurrency<V extends Variant>(variant: V, now: Date): V & PricedVariant {
  const priced = pricedVariant(variant, { now })
  if (priced === undefined) throw new Error(`Variant ${variant.id} has no price`)
  return priced
}

/** A product with the prices of its first currency, as it is shown where no other is asked for. */
export function productInFirstCurrency(product: Product, now: Date): PricedProduct {
  const variants = product.variants.map((variant) => inFirstCurrency(variant, now))
  return { ...product, variants, changesAt: changesAt(variants, now) }
}

/** When a price of these variants next changes by itself, in milliseconds since the epoch. */
export const changesAt = (variants: readonly Variant[], now: Date): number | undefined =>
  nextPriceChange(variants, now)?.getTime()
