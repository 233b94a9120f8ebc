import type { Quote, QuoteFailure } from '@shop/contracts/catalog/rpc'
import { ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { Buyer } from '../../access/domain/buyer.ts'
import { customerKeyOf } from '../../buyers/customer-key.ts'
import type { OrdersDeps } from '../../deps.ts'
import type { PricingRules, RulesQuery } from '../../pricing/domain/purchase.ts'
import type { OrderRequest } from '../domain/order-request.ts'
import { taxPlaceOf } from '../domain/tax-place.ts'

export type ReadDeps = Pick<OrdersDeps, 'catalog' | 'namedCollections' | 'now'>

type PricedRequest = Pick<OrderRequest, 'items' | 'currency' | 'shippingAddress' | 'billingAddress' | 'codes'>

/** Asks for the rules that apply to a buyer, to where the order goes and to its codes. */
export async function rulesQueryOf(
  { now }: Pick<OrdersDeps, 'now'>,
  buyer: Buyer,
  request: Omit<PricedRequest, 'items' | 'currency'>,
): Promise<RulesQuery & { customerKey: string }> {
  return {
    codes: request.codes,
    now: now(),
    customerKey: await customerKeyOf(buyer),
    userId: buyer.userId,
    country: taxPlaceOf(request)?.address.country ?? null,
  }
}

/**
 * A quote for each item, with the collections that promotions name.
 *
 * Asked for at the same time as the rules, by the collections that promotions named before. Where they name others by now, the
 * quotes are asked for once more.
 *
 * @param rules undefined where the order is not priced
 */
export async function readQuotes(
  { catalog, namedCollections }: Pick<ReadDeps, 'catalog' | 'namedCollections'>,
  { items, currency }: PricedRequest,
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
