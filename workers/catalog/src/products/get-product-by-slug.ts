import type { NotSoldInCurrency, ProductSlugNotFound } from '@shop/contracts/catalog/failures'
import { hasScope } from '@shop/kernel/access'
import type { Caller } from '@shop/kernel/caller'
import type { CurrencyCode } from '@shop/kernel/currencies'
import { fail, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import { type PricedProduct, pricedProduct } from '../prices/domain/priced-product.ts'
import { translated } from './domain/translations.ts'

/** The product that has a slug, or had it and no other product has it now. For customers it is for sale. */
export async function getProductBySlug(
  { products, now }: Pick<CatalogDeps, 'products' | 'now'>,
  caller: Caller,
  { slug, currency, locale }: { slug: string; currency?: CurrencyCode | undefined; locale?: string | undefined },
): Promise<Result<PricedProduct, ProductSlugNotFound | NotSoldInCurrency>> {
  const product = await products.findBySlug(slug, { isForSale: !hasScope(caller, 'products:read') })
  if (product === undefined) return fail({ code: 'product_slug_not_found', slug })
  return pricedProduct(translated(product, locale), { now: now(), currency })
}
