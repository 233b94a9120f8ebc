import type { HoldFailure } from '@shop/contracts/catalog/failures'
import type { Result } from '@shop/kernel/result'
import type { StockApplied } from './stock-change.ts'

/** The outcome of one line of a request that succeeds or fails as a whole. */
export type LineOutcome = { variantId: number; result: Result<StockApplied, HoldFailure> }

/** The failure of the whole request: a shortage before a misused hold id, then the first refused line. */
export function firstFailure(outcomes: LineOutcome[]): HoldFailure | undefined {
  const failures = outcomes.flatMap(({ result }) => (result.ok ? [] : [result.failure]))
  return failures.find((failure) => failure.code === 'out_of_stock') ?? failures[0]
}

/**
 * The variants to undo after a failure.
 *
 * `out_of_stock` ends the whole attempt, so what an earlier run of it reserved or sold is undone too. `hold_conflict`
 * means that the id was used for something else before, which stays: only what this call changed is undone.
 */
export function variantsToUndo(outcomes: LineOutcome[], failure: HoldFailure): number[] {
  return outcomes.flatMap(({ variantId, result }) => {
    const isOurs = result.ok && (failure.code === 'out_of_stock' || !result.value.repeated)
    return isOurs ? [variantId] : []
  })
}
