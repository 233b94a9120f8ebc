import type { StockBelowHeld } from '@shop/contracts/catalog/failures'
import type { IdempotencyKeyReused } from '@shop/kernel/idempotency'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../../deps.ts'
import type { Adjusted, AdjustRequest } from '../domain/adjust.ts'
import type { StockedVariant } from '../domain/stocked-variant.ts'

export type Adjustment = Pick<AdjustRequest, 'delta' | 'reason' | 'note'> & { idempotencyKey: string }
export type AdjustedVariant = Adjusted & { variant: StockedVariant }

/**
 * Adds or removes units of a variant, never below what is held unless its policy allows it.
 *
 * The ledger keeps the idempotency key for good, with its movement: repeating the request returns that movement. Keys are
 * per caller and variant.
 */
export async function makeAdjustment(
  { stock }: Pick<CatalogDeps, 'stock'>,
  variant: StockedVariant,
  { idempotencyKey, actor, ...adjustment }: Adjustment & { actor: string },
): Promise<Result<AdjustedVariant, StockBelowHeld | IdempotencyKeyReused>> {
  const { id, terms } = variant
  const key = `adjust:${actor}:${idempotencyKey}`
  const adjusted = await stock.adjust(id, { ...adjustment, actor, key, terms })
  if (adjusted.ok) return ok({ ...adjusted.value, variant })
  const { failure } = adjusted
  return failure.code === 'adjustment_conflict' ? fail({ code: 'idempotency_key_reused' }) : fail(failure)
}
