import type { Quote, QuoteFailure } from '@shop/contracts/catalog/rpc'
import { ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { OrdersDeps } from '../../deps.ts'
import type { PricingRules } from '../../pricing/domain/purchase.ts'
import type { OrderRequest } from '../domain/order-request.ts'

export type QuoteDeps = Pick<OrdersDeps, 'catalog' | 'namedCollections'>

/**
 * A quote for each item, with the collections that promotions name.
 *
 * Asked for at the same time as the rules, by the collections that promotions named before. Where they name others by now, the
 * quotes are asked for once more.
 *
 * @param rules undefined where the order is not priced
 */
export async function readQuotes(
  { catalog, namedCollections }: QuoteDeps,
  { items, currency }: Pick<OrderRequest, 'items' | 'currency'>,
  rules: Promise<PricingRules | undefined>,
): Promise<Result<Quote[], QuoteFailure | ServiceUnavailable>> {
  const refs = items.map(({ quantity: _, ...ref }) => ref)
  const quote = (collectionIds: readonly number[]) =>
    catalog.quote({ refs, ...(currency && { currency }), ...(collectionIds.length > 0 && { collectionIds }) })
  const asked = namedCollections.last()
  const [quotes, found] = await Promise.all([quote(asked), rules])
  if (!quotes.ok || found === undefined) return quotes
  const named = namedCollections.learn(found)
  return named.every((id) => asked.includes(id)) ? ok(quotes.value) : quote(named)
}
