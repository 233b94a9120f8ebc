import type { Quote, QuoteFailure, VariantRef } from '@shop/contracts/catalog/rpc'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import { customerKeyOf } from '../../buyers/customer-key.ts'
import type { OrdersDeps } from '../../deps.ts'
import { rulesQueryOf } from '../../orders/domain/rules-query-of.ts'
import type { PricingRules, RulesQuery } from '../../pricing/domain/purchase.ts'
import { collectionsNamedBy } from '../../promotions/domain/running-promotions.ts'
import type { Cart } from '../domain/cart.ts'

/** What prices a cart now. `quotes`: one for each reference that was asked for. */
export type Market = { rules: PricingRules; collectionIds: number[]; quotes: Result<Quote, QuoteFailure>[] }

export type MarketDeps = Pick<OrdersDeps, 'catalog' | 'recentRules' | 'now'>

/** The rules first, since quotes say which of the collections that promotions name have a product. */
export async function readMarket(
  deps: MarketDeps,
  cart: Cart,
  refs: readonly VariantRef[],
): Promise<Result<Market, ServiceUnavailable>> {
  const rules = await deps.recentRules.find(await queryOfCart(cart, deps.now()))
  const collectionIds = collectionsNamedBy(rules.candidates)
  const quotes = await quoteEach(deps, { refs: [...refs], currency: cart.currency, collectionIds })
  return quotes.ok ? ok({ rules, collectionIds, quotes: quotes.value }) : fail(quotes.failure)
}

/** Nothing to ask for costs no call. */
async function quoteEach(
  { catalog }: Pick<OrdersDeps, 'catalog'>,
  request: Parameters<OrdersDeps['catalog']['quoteEach']>[0],
) {
  return request.refs.length === 0 ? ok<Result<Quote, QuoteFailure>[]>([]) : catalog.quoteEach(request)
}

/** Asks for the rules that price a cart. */
export async function queryOfCart(cart: Cart, now: Date): Promise<RulesQuery> {
  return rulesQueryOf({ ...cart, customerKey: await keyOfCustomer(cart), now })
}

async function keyOfCustomer({ userId, email }: Pick<Cart, 'userId' | 'email'>): Promise<string | null> {
  if (userId !== null) return customerKeyOf({ userId, email })
  return email === null ? null : customerKeyOf({ userId, email })
}
