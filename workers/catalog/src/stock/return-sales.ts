import type { ForEachOrder, OrderHolds } from '@shop/contracts/catalog/rpc'
import { ok } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import { forEachOrder } from './internal/for-each-order.ts'

/** Reverses the sales of orders. Each unit returns to stock once, however often this runs. */
export function returnSales(
  deps: Pick<CatalogDeps, 'stock' | 'warn'>,
  requests: OrderHolds[],
): Promise<ForEachOrder<never>> {
  return forEachOrder(deps, requests, async ({ stock }, { holdId, variantIds }) => {
    await Promise.all(variantIds.map((variantId) => stock.returnSale(variantId, { holdId })))
    return ok()
  })
}
