import type { HoldFailure } from '@shop/contracts/catalog/failures'
import type { HoldLine } from '@shop/contracts/catalog/rpc'
import { fail, ok, type Result } from '@shop/kernel/result'
import { Unavailable } from '@shop/kernel/unavailable'
import type { CatalogDeps } from '../deps.ts'
import { firstFailure, type LineOutcome, variantsToUndo } from './domain/lines.ts'

type HoldStock = { holdId: string; lines: HoldLine[]; expiresAt: Date }

/**
 * Holds all lines or nothing, with all objects asked at once.
 *
 * @throws Unavailable when an object does not answer; whatever was held, or may have been, is released before. A hold
 *   that an overloaded object did not accept needs no release, and the object no further call
 */
export async function holdStock(
  { stock }: Pick<CatalogDeps, 'stock'>,
  { holdId, lines, expiresAt }: HoldStock,
): Promise<Result<undefined, HoldFailure>> {
  const attempts = await Promise.allSettled(
    lines.map(async ({ variantId, quantity, terms }) => ({
      variantId,
      result: await stock.hold(variantId, { holdId, quantity, expiresAt, terms }),
    })),
  )
  const outcomes = attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []))
  const lost = attempts.find((attempt) => attempt.status === 'rejected')
  if (lost !== undefined) {
    const uncertain = lines.flatMap(({ variantId }, index) => (mayHold(attempts[index]) ? [variantId] : []))
    await release(stock, holdId, uncertain)
    throw lost.reason
  }
  const failure = firstFailure(outcomes)
  if (failure === undefined) return ok()
  await release(stock, holdId, variantsToUndo(outcomes, failure))
  return fail(failure)
}

/** A line that was refused holds nothing, nor does one whose object was too busy to accept the call. */
function mayHold(attempt: PromiseSettledResult<LineOutcome> | undefined): boolean {
  if (attempt?.status === 'fulfilled') return attempt.value.result.ok
  return !(attempt?.reason instanceof Unavailable) || attempt.reason.wasAsked
}

/** Best effort: a hold that cannot be released now expires by itself. */
async function release(stock: CatalogDeps['stock'], holdId: string, variantIds: number[]): Promise<void> {
  await Promise.allSettled(variantIds.map((variantId) => stock.release(variantId, { holdId })))
}
