import type { HoldFailure } from '@shop/contracts/catalog/failures'
import type { StockLine } from '@shop/contracts/catalog/rpc'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import { firstFailure, variantsToUndo } from './domain/lines.ts'
import type { StockApplied } from './domain/stock-change.ts'

type CommitDeps = Pick<CatalogDeps, 'stock'>

/**
 * Turns holds into sales, all or nothing. Units of an expired hold are taken again from what is available.
 *
 * Each object decides its line once (sold, or refused for good), so repeated and concurrent runs get the same answer.
 * After a refusal each run returns what was sold, and the objects return it once.
 *
 * @throws Unavailable when an object does not answer; nothing is returned then, since a line may still be refused: run it
 *   again
 */
export async function commitHolds(
  deps: CommitDeps,
  { holdId, lines }: { holdId: string; lines: StockLine[] },
): Promise<Result<undefined, HoldFailure>> {
  const outcomes = await Promise.all(
    lines.map(async (line) => ({ variantId: line.variantId, result: await commitLine(deps, holdId, line) })),
  )
  const failure = firstFailure(outcomes)
  if (failure === undefined) return ok()
  const variantIds = variantsToUndo(outcomes, failure)
  await Promise.all(variantIds.map((variantId) => deps.stock.returnSale(variantId, { holdId })))
  return fail(failure)
}

async function commitLine(
  { stock }: CommitDeps,
  holdId: string,
  { variantId, quantity }: StockLine,
): Promise<Result<StockApplied, HoldFailure>> {
  const committed = await stock.commit(variantId, { holdId, quantity })
  if (committed.ok) return committed
  if (committed.failure.code === 'hold_conflict') return fail(committed.failure)
  if (committed.failure.reason === 'released') {
    return fail({ code: 'hold_conflict', variantId, holdId, reason: 'released' })
  }
  return stock.commitLate(variantId, { holdId, quantity })
}
