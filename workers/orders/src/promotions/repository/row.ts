import { rowFromJson } from '@shop/db/json-row'
import { promotions } from '@shop/db/schema/orders-promotions'
import { isCounted, type PromotionFields, type StoredPromotion, type Usage } from '../domain/stored-promotion.ts'

type PromotionRow = typeof promotions.$inferSelect

/** @param usage of the counter, if there is one */
export function toStoredPromotion(row: PromotionRow, usage: Usage | null): StoredPromotion {
  const { budget, budgetCurrency, deletedAt: _, ...members } = row
  const stored = {
    ...members,
    budget: budget === null || budgetCurrency === null ? null : { currency: budgetCurrency, amount: budget },
  }
  return { ...stored, usage: isCounted(stored) ? { uses: usage?.uses ?? 0, amount: usage?.amount ?? 0 } : null }
}

/** The same from the row as `to_jsonb` gives it. */
export const fromJson = (json: Record<string, unknown>, usage: Usage | null): StoredPromotion =>
  toStoredPromotion(rowFromJson(promotions, json), usage)

/** The columns of what staff decide. */
export function columnsOf({ budget, ...fields }: PromotionFields) {
  return { ...fields, budget: budget?.amount ?? null, budgetCurrency: budget?.currency ?? null }
}
