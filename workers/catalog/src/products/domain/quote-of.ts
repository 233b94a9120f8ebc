import type {
  ItemNotSoldInCurrency,
  ProductNotFound,
  VariantNotFound,
  VariantRequired,
} from '@shop/contracts/catalog/failures'
import type { Quote, QuoteFailure, VariantRef } from '@shop/contracts/catalog/rpc'
import { fail, ok, type Result } from '@shop/kernel/result'
import { type Moment, type Priced, priceAt } from '../../prices/domain/price-at.ts'

/** A quote before its price at a moment is known. */
export type Quotable = Omit<Quote, 'price' | 'currency'> & Priced

/** What a reference names of what is for sale; `choices` are all variants of a product that has several. */
export type Named = { found: readonly Quotable[]; choices: VariantRequired['variants'] }

/** The quote for a reference at a moment, or why there is none. */
export function quoteOf(ref: VariantRef, { found, choices }: Named, moment: Moment): Result<Quote, QuoteFailure> {
  const [first, another] = found
  if (first === undefined) return fail(notFound(ref))
  if (another !== undefined) return fail({ code: 'variant_required', productId: first.productId, variants: choices })
  return quoteAt(first, moment)
}

function quoteAt(
  { compareAtPrice, prices, ...found }: Quotable,
  { now, currency = found.currency }: Moment,
): Result<Quote, ItemNotSoldInCurrency> {
  const current = priceAt({ ...found, compareAtPrice, prices }, currency, now)
  const { productId, variantId } = found
  if (current === undefined) return fail({ code: 'item_not_sold_in_currency', productId, variantId, currency })
  return ok({ ...found, price: current.price, currency })
}

function notFound(ref: VariantRef): ProductNotFound | VariantNotFound {
  return 'productId' in ref ? { code: 'product_not_found', ...ref } : { code: 'variant_not_found', ...ref }
}
