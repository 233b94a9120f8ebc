import type { ForEachOrder, OrderHolds } from '@shop/contracts/catalog/rpc'
import { ok } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import { forEachOrder } from './internal/for-each-order.ts'

/** Releases the holds of orders. Units they have bought stay sold. */
export function releaseHolds(
  deps: Pick<CatalogDeps, 'stock' | 'warn'>,
  requests: OrderHolds[],
): Promise<ForEachOrder<never>> {
  return forEachOrder(deps, requests, async ({ stock }, { holdId, variantIds }) => {
    await Promise.all(variantIds.map((variantId) => stock.release(variantId, { holdId })))
    return ok()
  })
}
