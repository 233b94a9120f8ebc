import type { AdjustmentConflict } from '@shop/contracts/catalog/failures'
import type { ForEachOrder, GivenBack, StockTerms } from '@shop/contracts/catalog/rpc'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import { forEachOrder } from './internal/for-each-order.ts'
import { NO_STOCK, termsOfEach } from './internal/terms-of-each.ts'

/**
 * Takes back units that orders have sold, by an adjustment with a key: each counts once, however often this runs. The terms of
 * the stock are read once for all requests.
 */
export function takeBack(
  deps: Pick<CatalogDeps, 'stock' | 'variants' | 'warn'>,
  requests: GivenBack[],
): Promise<ForEachOrder<AdjustmentConflict>> {
  const readTerms = (variantIds: number[][]) => termsOfEach(deps, variantIds)
  return forEachOrder(deps, requests, async ({ stock, join }, request) => {
    const [terms = NO_STOCK] = await join(readTerms)([request.variantId])
    return takeBackOne(stock, request, terms)
  })
}

async function takeBackOne(
  stock: CatalogDeps['stock'],
  { key: given, variantId, quantity, reason, note }: GivenBack,
  terms: StockTerms,
): Promise<Result<undefined, AdjustmentConflict>> {
  const key = `order:${given}`
  // The units left the stock when they were sold, so what is written off changes no count.
  const delta = reason === 'return' ? quantity : 0
  const adjusted = await stock.adjust(variantId, { key, delta, reason, note, terms })
  if (adjusted.ok) return ok()
  const { failure } = adjusted
  if (failure.code === 'adjustment_conflict') return fail(failure)
  throw new Error('Units that come back were refused as too few')
}
