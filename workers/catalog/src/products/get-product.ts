import type { NotSoldInCurrency, ProductNotFound } from '@shop/contracts/catalog/failures'
import { hasScope } from '@shop/kernel/access'
import type { Caller } from '@shop/kernel/caller'
import type { CurrencyCode } from '@shop/kernel/currencies'
import { fail, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import { type PricedProduct, pricedProduct } from '../prices/domain/priced-product.ts'
import { translated } from './domain/translations.ts'

/** A product that is for sale, with its prices in a currency and its texts in a language; for staff also another one. */
export async function getProduct(
  { products, now }: Pick<CatalogDeps, 'products' | 'now'>,
  caller: Caller,
  { id, currency, locale }: { id: number; currency?: CurrencyCode | undefined; locale?: string | undefined },
): Promise<Result<PricedProduct, ProductNotFound | NotSoldInCurrency>> {
  const product = await products.find(id)
  const isShown = product !== undefined && (product.status === 'active' || hasScope(caller, 'products:read'))
  return isShown
    ? pricedProduct(translated(product, locale), { now: now(), currency })
    : fail({ code: 'product_not_found', productId: id })
}
