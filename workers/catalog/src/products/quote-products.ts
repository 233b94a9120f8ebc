import type { ProductNotFound } from '@shop/contracts/catalog/failures'
import type { Quote } from '@shop/contracts/catalog/rpc'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'

/** The prices of all products in the order asked for, or the first product that is not for sale. */
export async function quoteProducts(
  { products }: Pick<CatalogDeps, 'products'>,
  productIds: number[],
): Promise<Result<Quote[], ProductNotFound>> {
  if (productIds.length === 0) return ok([])
  const found = new Map((await products.quote([...new Set(productIds)])).map((quote) => [quote.productId, quote]))
  const quotes: Quote[] = []
  for (const productId of productIds) {
    const quote = found.get(productId)
    if (quote === undefined) return fail({ code: 'product_not_found', productId })
    quotes.push(quote)
  }
  return ok(quotes)
}
