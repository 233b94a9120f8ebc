import type { HoldGone } from '@shop/contracts/catalog/failures'
import type { ExtendHolds, ForEachOrder } from '@shop/contracts/catalog/rpc'
import { ok } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import { forEachOrder } from './internal/for-each-order.ts'

/** Extends `expiresAt` of holds. If some are gone, the others are extended all the same. */
export function extendHolds(
  deps: Pick<CatalogDeps, 'stock' | 'warn'>,
  requests: ExtendHolds[],
): Promise<ForEachOrder<HoldGone>> {
  return forEachOrder(deps, requests, async ({ stock }, { holdId, variantIds, expiresAt }) => {
    const extended = await Promise.all(variantIds.map((variantId) => stock.extend(variantId, { holdId, expiresAt })))
    return extended.find((one) => !one.ok) ?? ok()
  })
}
