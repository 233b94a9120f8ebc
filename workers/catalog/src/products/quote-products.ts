import type { ItemNotSoldInCurrency, ProductNotFound, VariantNotFound } from '@shop/contracts/catalog/failures'
import type { Quote, QuoteFailure, QuoteRequest, VariantRef } from '@shop/contracts/catalog/rpc'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import { type Moment, priceAt } from '../prices/domain/price-at.ts'
import type { Quotable } from './repository/quotes.ts'

/**
 * A quote for each reference in the order asked for, or what is wrong with the first one that names no variant for sale.
 * Prices are those of the moment at which it is asked.
 */
export async function quoteProducts(
  { products, now }: { products: Pick<CatalogDeps['products'], 'quote'>; now: CatalogDeps['now'] },
  { refs, currency }: QuoteRequest,
): Promise<Result<Quote[], QuoteFailure>> {
  if (refs.length === 0) return ok([])
  const moment = { now: now(), currency }
  const { named, choices } = await products.quote(refs)
  const quotes: Quote[] = []
  for (const [index, ref] of refs.entries()) {
    const [found, another] = named[index] ?? []
    if (found === undefined) return fail(notFound(ref))
    if (another !== undefined) return fail({ code: 'variant_required', productId: found.productId, variants: choices })
    const quote = quoteAt(found, moment)
    if (!quote.ok) return quote
    quotes.push(quote.value)
  }
  return ok(quotes)
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
