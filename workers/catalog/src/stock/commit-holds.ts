import type { HoldFailure } from '@shop/contracts/catalog/failures'
import type { CommitHolds, ForEachOrder, StockLine, StockTerms } from '@shop/contracts/catalog/rpc'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import { firstFailure, type LineOutcome, variantsToUndo } from './domain/lines.ts'
import { forEachOrder, type HoldDeps } from './internal/for-each-order.ts'
import { NO_STOCK, termsOfEach } from './internal/terms-of-each.ts'

/**
 * Turns the holds of orders into sales, all or nothing for each. Units of a hold that is gone, or was never made, are taken
 * from what is available: only then does it read the terms of the stock, once for all orders.
 */
export function commitHolds(
  deps: Pick<CatalogDeps, 'stock' | 'variants' | 'warn'>,
  requests: CommitHolds[],
): Promise<ForEachOrder<HoldFailure>> {
  const readTerms = (variantIds: number[][]) => termsOfEach(deps, variantIds)
  return forEachOrder(deps, requests, ({ stock, join }, request) =>
    commitOrder({ stock, termsOf: join(readTerms) }, request),
  )
}

type CommitDeps = Pick<HoldDeps, 'stock'> & { termsOf: (variantIds: number[]) => Promise<StockTerms[]> }

/**
 * Each object decides its line once (sold, or refused for good), so repeated and concurrent runs get the same answer.
 * After a refusal each run returns what was sold, and the objects return it once.
 *
 * @throws Unavailable when an object or Postgres does not answer; nothing is returned then, since a line may still be
 *   refused: run it again
 */
async function commitOrder(deps: CommitDeps, { holdId, lines }: CommitHolds): Promise<Result<undefined, HoldFailure>> {
  const held = await Promise.all(lines.map((line) => commitHeld(deps, holdId, line)))
  const late = await commitLate(
    deps,
    holdId,
    lines.filter((_, index) => held[index] === 'gone'),
  )
  const outcomes = [...held.filter((outcome) => outcome !== 'gone'), ...late]
  const failure = firstFailure(outcomes)
  if (failure === undefined) return ok()
  const variantIds = variantsToUndo(outcomes, failure)
  await Promise.all(variantIds.map((variantId) => deps.stock.returnSale(variantId, { holdId })))
  return fail(failure)
}

/** @returns `gone` when there is no hold to sell, so that the units have to be taken from what is available */
async function commitHeld(
  { stock }: CommitDeps,
  holdId: string,
  { variantId, quantity }: StockLine,
): Promise<LineOutcome | 'gone'> {
  const committed = await stock.commit(variantId, { holdId, quantity })
  if (committed.ok) return { variantId, result: committed }
  const { failure } = committed
  if (failure.code === 'hold_conflict') return { variantId, result: fail(failure) }
  if (failure.reason !== 'released') return 'gone'
  return { variantId, result: fail({ code: 'hold_conflict', variantId, holdId, reason: 'released' }) }
}

async function commitLate({ stock, termsOf }: CommitDeps, holdId: string, lines: StockLine[]): Promise<LineOutcome[]> {
  if (lines.length === 0) return []
  const terms = await termsOf(lines.map(({ variantId }) => variantId))
  return Promise.all(
    lines.map(async ({ variantId, quantity }, index) => {
      const request = { holdId, quantity, terms: terms[index] ?? NO_STOCK }
      return { variantId, result: await stock.commitLate(variantId, request) }
    }),
  )
}
