import type { HoldFailure, StockLine } from '@shop/contracts'
import { fail, ok, type Result } from '@shop/kernel'
import type { Done } from '../domain/stock/books.ts'
import { firstRefusal, toGiveBack } from '../domain/stock/lines.ts'
import type { CatalogDeps } from '../ports.ts'

type CommitDeps = Pick<CatalogDeps, 'stock'>

/**
 * Turns holds into sales, all or nothing. Units whose hold has expired are taken again.
 *
 * Each object decides its line once and for all (sold, or refused for good), so any number of runs, at once or after
 * each other, come to the same answer; after a refusal each of them returns what was sold, and the objects return it
 * once.
 *
 * @throws when an object does not answer; nothing is returned then, since a line may still be refused: run it again
 */
export async function commitHolds(
  deps: CommitDeps,
  { holdId, lines }: { holdId: string; lines: StockLine[] },
): Promise<Result<undefined, HoldFailure>> {
  const outcomes = await Promise.all(
    lines.map(async (line) => ({ variantId: line.variantId, result: await sell(deps, holdId, line) })),
  )
  const refusal = firstRefusal(outcomes)
  if (refusal === undefined) return ok()
  await Promise.all(toGiveBack(outcomes, refusal).map((variantId) => deps.stock.returnSale(variantId, { holdId })))
  return fail(refusal)
}

async function sell(
  { stock }: CommitDeps,
  holdId: string,
  { variantId, quantity }: StockLine,
): Promise<Result<Done, HoldFailure>> {
  const committed = await stock.commit(variantId, { holdId, quantity })
  if (committed.ok) return committed
  if (committed.failure.code === 'hold_conflict') return fail(committed.failure)
  if (committed.failure.reason === 'released') {
    return fail({ code: 'hold_conflict', variantId, holdId, reason: 'released' })
  }
  return stock.commitLate(variantId, { holdId, quantity })
}
