import type { HoldFailure } from '@shop/contracts/catalog/failures'
import type { CommitHolds, ForEachOrder, StockLine } from '@shop/contracts/catalog/rpc'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import { firstFailure, variantsToUndo } from './domain/lines.ts'
import type { StockApplied } from './domain/stock-change.ts'
import { forEachOrder, type HoldDeps } from './internal/for-each-order.ts'

/**
 * Turns the holds of orders into sales, all or nothing for each. Units of an expired hold are taken again from what is
 * available.
 */
export function commitHolds(
  deps: Pick<CatalogDeps, 'stock' | 'warn'>,
  requests: CommitHolds[],
): Promise<ForEachOrder<HoldFailure>> {
  return forEachOrder(deps, requests, commitOrder)
}

/**
 * Each object decides its line once (sold, or refused for good), so repeated and concurrent runs get the same answer.
 * After a refusal each run returns what was sold, and the objects return it once.
 *
 * @throws Unavailable when an object does not answer; nothing is returned then, since a line may still be refused: run it
 *   again
 */
async function commitOrder(deps: HoldDeps, { holdId, lines }: CommitHolds): Promise<Result<undefined, HoldFailure>> {
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
  { stock }: HoldDeps,
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
