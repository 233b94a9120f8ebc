import type { HoldFailure, StockLine } from '@shop/contracts'
import { fail, ok, type Result } from '@shop/kernel'
import { firstRefusal, toGiveBack } from '../domain/stock/lines.ts'
import type { CatalogDeps } from '../ports.ts'

type HoldRequest = { holdId: string; lines: StockLine[]; expiresAt: Date }

/**
 * Holds every line, all at once, or nothing.
 *
 * @throws when an object does not answer; what was taken, or may have been, is released before
 */
export async function holdStock(
  { stock }: Pick<CatalogDeps, 'stock'>,
  { holdId, lines, expiresAt }: HoldRequest,
): Promise<Result<undefined, HoldFailure>> {
  const attempts = await Promise.allSettled(
    lines.map(async ({ variantId, quantity }) => ({
      variantId,
      result: await stock.hold(variantId, { holdId, quantity, expiresAt }),
    })),
  )
  const outcomes = attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []))
  const lost = attempts.find((attempt) => attempt.status === 'rejected')
  if (lost !== undefined) {
    const refused = new Set(outcomes.flatMap(({ variantId, result }) => (result.ok ? [] : [variantId])))
    const uncertain = lines.map((line) => line.variantId).filter((variantId) => !refused.has(variantId))
    await release(stock, holdId, uncertain)
    throw lost.reason
  }
  const refusal = firstRefusal(outcomes)
  if (refusal === undefined) return ok()
  await release(stock, holdId, toGiveBack(outcomes, refusal))
  return fail(refusal)
}

/** As far as it goes: a hold that cannot be released now ends by itself at its time. */
async function release(stock: CatalogDeps['stock'], holdId: string, variantIds: number[]): Promise<void> {
  await Promise.allSettled(variantIds.map((variantId) => stock.release(variantId, { holdId })))
}
