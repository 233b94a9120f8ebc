import type { ProductNotFound, VariantNotFound, VariantRequired } from '@shop/contracts/catalog/failures'
import type { Quote, VariantRef } from '@shop/contracts/catalog/rpc'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'

/** A quote for each reference in the order asked for, or what is wrong with the first one that names no variant for sale. */
export async function quoteProducts(
  { products }: Pick<CatalogDeps, 'products'>,
  refs: VariantRef[],
): Promise<Result<Quote[], ProductNotFound | VariantNotFound | VariantRequired>> {
  if (refs.length === 0) return ok([])
  const { named, choices } = await products.quote(refs)
  const quotes: Quote[] = []
  for (const [index, ref] of refs.entries()) {
    const [quote, another] = named[index] ?? []
    if (quote === undefined) return fail(notFound(ref))
    if (another !== undefined) return fail({ code: 'variant_required', productId: quote.productId, variants: choices })
    quotes.push(quote)
  }
  return ok(quotes)
}

function notFound(ref: VariantRef): ProductNotFound | VariantNotFound {
  return 'productId' in ref ? { code: 'product_not_found', ...ref } : { code: 'variant_not_found', ...ref }
}
