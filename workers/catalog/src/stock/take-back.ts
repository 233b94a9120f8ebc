import type { AdjustmentConflict } from '@shop/contracts/catalog/failures'
import type { ForEachOrder, GivenBack, StockTerms } from '@shop/contracts/catalog/rpc'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import { forEachOrder } from './internal/for-each-order.ts'
import { NO_STOCK, termsOfEach } from './internal/terms-of-each.ts'

type ByKey = Extract<GivenBack, { key: string }>

/**
 * Returns units of orders to the stock: units that a hold no longer keeps, and units that were returned later, by an adjustment with a
 * key. Safe to repeat: each request counts once. The stock terms are read once for all requests.
 */
export function takeBack(
  deps: Pick<CatalogDeps, 'stock' | 'variants' | 'warn'>,
  requests: GivenBack[],
): Promise<ForEachOrder<AdjustmentConflict>> {
  const readTerms = (variantIds: number[][]) => termsOfEach(deps, variantIds)
  return forEachOrder(deps, requests, async ({ stock, join }, request) => {
    if ('holdId' in request) {
      const { variantId, holdId, quantity } = request
      await stock.shrink(variantId, { holdId, quantity })
      return ok()
    }
    const [terms = NO_STOCK] = await join(readTerms)([request.variantId])
    return adjust(stock, request, terms)
  })
}

async function adjust(
  stock: CatalogDeps['stock'],
  { key: given, variantId, quantity, reason, note }: ByKey,
  terms: StockTerms,
): Promise<Result<undefined, AdjustmentConflict>> {
  const key = `order:${given}`
  // The units left the stock when they were sold, so what is written off changes no count.
  const delta = reason === 'return' ? quantity : 0
  const adjusted = await stock.adjust(variantId, { key, delta, reason, note, terms })
  if (adjusted.ok) return ok()
  const { failure } = adjusted
  if (failure.code === 'adjustment_conflict') return fail(failure)
  throw new Error('The stock refused to add returned units')
}
