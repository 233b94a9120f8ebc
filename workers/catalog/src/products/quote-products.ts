import type { Quote, QuoteFailure, QuoteRequest } from '@shop/contracts/catalog/rpc'
import { ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import { quoteOf } from './domain/quote-of.ts'

/**
 * A quote for each reference in the order asked for, or what is wrong with the first one that names no variant for sale.
 * Prices are those of the moment at which it is asked.
 */
export async function quoteProducts(
  { products, now }: { products: Pick<CatalogDeps['products'], 'quote'>; now: CatalogDeps['now'] },
  { refs, currency, collectionIds }: QuoteRequest,
): Promise<Result<Quote[], QuoteFailure>> {
  if (refs.length === 0) return ok([])
  const moment = { now: now(), currency }
  const { named, choices } = await products.quote(refs, collectionIds)
  const quotes: Quote[] = []
  for (const [index, ref] of refs.entries()) {
    const quote = quoteOf(ref, { found: named[index] ?? [], choices }, moment)
    if (!quote.ok) return quote
    quotes.push(quote.value)
  }
  return ok(quotes)
}
