import type { ProductNotFound, Quote } from '@shop/contracts'
import { fail, ok, type Result } from '@shop/kernel'
import type { CatalogDeps } from '../ports.ts'

/** Prices of all products in the order asked for, or the first that is not for sale. */
export async function quote(
  { products }: Pick<CatalogDeps, 'products'>,
  productIds: number[],
): Promise<Result<Quote[], ProductNotFound>> {
  if (productIds.length === 0) return ok([])
  const found = new Map((await products.quote([...new Set(productIds)])).map((one) => [one.productId, one]))
  const quotes: Quote[] = []
  for (const productId of productIds) {
    const one = found.get(productId)
    if (one === undefined) return fail({ code: 'product_not_found', productId })
    quotes.push(one)
  }
  return ok(quotes)
}
