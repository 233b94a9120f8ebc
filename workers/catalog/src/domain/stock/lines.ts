import type { HoldFailure } from '@shop/contracts'
import type { Result } from '@shop/kernel'
import type { Done } from './books.ts'

/** What became of one line of a request that has to succeed as a whole. */
export type LineOutcome = { variantId: number; result: Result<Done, HoldFailure> }

/** Speaks for the whole request: missing stock before a misused id, then the first line that was refused. */
export function firstRefusal(outcomes: LineOutcome[]): HoldFailure | undefined {
  const refusals = outcomes.flatMap(({ result }) => (result.ok ? [] : [result.failure]))
  return refusals.find((failure) => failure.code === 'out_of_stock') ?? refusals[0]
}

/**
 * The variants whose units go back after a refusal.
 *
 * Out of stock ends the whole attempt, so what an earlier run of it took goes back, too. A conflict means that the id
 * was used for something else before, and that stays as it is: only what this call took goes back.
 */
export function toGiveBack(outcomes: LineOutcome[], refusal: HoldFailure): number[] {
  return outcomes.flatMap(({ variantId, result }) => {
    const isOurs = result.ok && (refusal.code === 'out_of_stock' || !result.value.repeated)
    return isOurs ? [variantId] : []
  })
}
