import { hasScope } from '@shop/kernel/access'
import type { Caller } from '@shop/kernel/caller'
import type { CurrencyCode } from '@shop/kernel/currencies'
import { ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import { changesAt, type PricedVariant, pricedVariant } from '../prices/domain/priced-product.ts'

/** `changesAt` says when a price next changes by itself, in milliseconds since the epoch. */
type FoundVariants = { items: (PricedVariant & { productId: number })[]; changesAt: number | undefined }

/** The variants with exactly this SKU that are sold in a currency: one or none. For customers only those of products for sale. */
export async function listVariants(
  { products, now }: Pick<CatalogDeps, 'products' | 'now'>,
  caller: Caller,
  { sku, currency }: { sku: string; currency?: CurrencyCode | undefined },
): Promise<Result<FoundVariants, never>> {
  const found = await products.findBySku(sku, { isForSale: !hasScope(caller, 'products:read') })
  const moment = { now: now(), currency }
  const items = found.flatMap((variant) => pricedVariant(variant, moment) ?? [])
  return ok({ items, changesAt: changesAt(found, moment.now) })
}
