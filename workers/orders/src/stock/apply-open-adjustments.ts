import type { SweptBatch } from '@shop/contracts/service'
import { addSeconds } from '@shop/kernel/time'
import { type AdjustDeps, applyStockAdjustments } from './apply-stock-adjustments.ts'
import { positionIn, positionText } from './domain/sweep-position.ts'

const BATCH = 100
/** The age after which the request that wrote an adjustment is assumed to have failed to apply it. */
const OPEN_SECONDS = 60

/**
 * Applies stock adjustments that a request did not apply because it crashed or the catalog was unavailable.
 *
 * @param from the cursor that the previous batch returned; failing adjustments do not delay later ones
 */
export async function applyOpenAdjustments(deps: AdjustDeps, from?: string): Promise<SweptBatch> {
  const before = addSeconds(deps.now(), -OPEN_SECONDS)
  const after = from === undefined ? undefined : positionIn(from)
  const open = await deps.stockAdjustments.listOpen({ before, after, limit: BATCH })
  const last = open.length < BATCH ? undefined : open.at(-1)
  return { done: await applyStockAdjustments(deps, open), next: last && positionText(last.createdAt, last.key) }
}
