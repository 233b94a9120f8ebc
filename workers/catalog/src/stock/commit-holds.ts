import type { HoldFailure } from '@shop/contracts/catalog/failures'
import type { CommitHolds, ForEachOrder, StockLine, StockTerms } from '@shop/contracts/catalog/rpc'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import { firstFailure, variantsToUndo } from './domain/lines.ts'
import type { StockApplied } from './domain/stock-change.ts'
import { forEachOrder, type HoldDeps } from './internal/for-each-order.ts'

/**
 * Turns the holds of orders into sales, all or nothing for each. Units of a hold that is gone, or was never made, are taken
 * from what is available: only then does it read the terms of the stock, once for all orders.
 */
export function commitHolds(
  deps: Pick<CatalogDeps, 'stock' | 'variants' | 'warn'>,
  requests: CommitHolds[],
): Promise<ForEachOrder<HoldFailure>> {
  const termsOf = (variantIds: number[]) => readTerms(deps, variantIds)
  return forEachOrder(deps, requests, ({ stock, join }, request) =>
    commitOrder({ stock, termsOf: join(termsOf) }, request),
  )
}

type CommitDeps = Pick<HoldDeps, 'stock'> & { termsOf: (variantId: number) => Promise<StockTerms> }

/** Those of a variant that nobody knows: there is nothing to sell. */
const NO_STOCK: StockTerms = { openingStock: 0, sequence: 0, threshold: null, thresholdVersion: 0, policy: 'deny' }

async function readTerms({ variants }: Pick<CatalogDeps, 'variants'>, variantIds: number[]): Promise<StockTerms[]> {
  const known = await variants.terms(variantIds)
  return variantIds.map((id) => known.get(id) ?? NO_STOCK)
}

/**
 * Each object decides its line once (sold, or refused for good), so repeated and concurrent runs get the same answer.
 * After a refusal each run returns what was sold, and the objects return it once.
 *
 * @throws Unavailable when an object or Postgres does not answer; nothing is returned then, since a line may still be refused: run it
 *   again
 */
async function commitOrder(deps: CommitDeps, { holdId, lines }: CommitHolds): Promise<Result<undefined, HoldFailure>> {
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
  { stock, termsOf }: CommitDeps,
  holdId: string,
  { variantId, quantity }: StockLine,
): Promise<Result<StockApplied, HoldFailure>> {
  const committed = await stock.commit(variantId, { holdId, quantity })
  if (committed.ok) return committed
  if (committed.failure.code === 'hold_conflict') return fail(committed.failure)
  if (committed.failure.reason === 'released') {
    return fail({ code: 'hold_conflict', variantId, holdId, reason: 'released' })
  }
  return stock.commitLate(variantId, { holdId, quantity, terms: await termsOf(variantId) })
}
