import type { CodeBatchId, PromotionId } from '@shop/kernel/ids'
import { fail, ok } from '@shop/kernel/result'
import type { OrdersDeps } from '../../src/deps.ts'
import type { RulesQuery } from '../../src/pricing/domain/purchase.ts'
import { codeKey } from '../../src/promotions/domain/code-key.ts'
import type { SingleUseCode } from '../../src/promotions/domain/new-codes.ts'
import type { Candidate } from '../../src/promotions/domain/running-promotions.ts'
import { isCounted, type PromotionFields, type StoredPromotion } from '../../src/promotions/domain/stored-promotion.ts'
import type { MemoryKeys } from './memory-keys.ts'

/** Promotions in memory, for the rules of operations; the SQL is tested on a database. */
export function memoryPromotions({ isKnown, remember }: MemoryKeys, initial: readonly StoredPromotion[] = []) {
  const stored = new Map(initial.map((promotion) => [promotion.id, promotion]))
  const codes: (SingleUseCode & { promotionId: PromotionId })[] = []
  const isTaken = (code: string | null, except: string) =>
    code !== null &&
    [...stored.values()].some((one) => one.id !== except && one.code !== null && codeKey(one.code) === codeKey(code))
  const usageOf = (fields: PromotionFields) => (isCounted(fields) ? { uses: 0, amount: 0 } : null)

  const promotions: OrdersDeps['promotions'] = {
    find: async (id) => stored.get(id),
    list: async ({ before, limit }) =>
      [...stored.values()]
        .sort((a, b) => (a.id < b.id ? 1 : -1))
        .filter(({ id }) => before === undefined || id < before)
        .slice(0, limit),
    insert: async (promotion, key) => {
      if (isKnown(key)) return fail({ code: 'idempotency_key_known' })
      const { id, code, createdAt } = promotion
      if (isTaken(code, id)) return fail({ code: 'promotion_code_taken', promotionCode: code ?? '' })
      const made = { ...promotion, updatedAt: createdAt, version: 1, usage: usageOf(promotion) }
      stored.set(id, made)
      remember(key, id)
      return ok(made)
    },
    update: async ({ decidedFrom, updatedAt }, fields) => {
      if (isTaken(fields.code, decidedFrom.id)) {
        return fail({ code: 'promotion_code_taken', promotionCode: fields.code ?? '' })
      }
      if (stored.get(decidedFrom.id)?.version !== decidedFrom.version) return ok(undefined)
      const version = decidedFrom.version + 1
      const changed = { ...decidedFrom, ...fields, updatedAt, version, usage: usageOf(fields) }
      stored.set(decidedFrom.id, changed)
      return ok(changed)
    },
    delete: async ({ decidedFrom }) => stored.delete(decidedFrom.id),
    findBatch: async (id, promotionId) => {
      const count = codes.filter(({ batchId }) => batchId === id).length
      return stored.has(promotionId) && count > 0 ? { id, count } : undefined
    },
    listCodes: async ({ promotionId, batchId, after, limit }) =>
      codes
        .filter((code) => code.promotionId === promotionId)
        .filter((code) => batchId === undefined || code.batchId === batchId)
        .filter((code) => after === undefined || positionOf(code) > positionOf(after))
        .slice(0, limit),
    insertCodes: async ({ id: batchId, promotionId, codes: made, createdAt }, key) => {
      if (isKnown(key)) return fail({ code: 'idempotency_key_known' })
      const promotion = stored.get(promotionId)
      if (promotion === undefined) return fail({ code: 'promotion_not_found', promotionId })
      if (made.some((code) => codes.some((other) => other.code === code))) return ok(undefined)
      stored.set(promotionId, { ...promotion, hasSingleUseCodes: true })
      codes.push(...made.map((code, position) => ({ code, promotionId, batchId, position, usedBy: null, createdAt })))
      remember(key, batchId)
      return ok({ id: batchId, count: made.length })
    },
  }
  /** Without limits by customer; every promotion without single-use codes may be used by its code, or without one. */
  const candidatesFor = ({ codes: entered }: Pick<RulesQuery, 'codes'>): Candidate[] =>
    [...stored.values()].flatMap((promotion): Candidate[] => {
      const { code, hasSingleUseCodes } = promotion
      const isEntered = code !== null && entered.some((one) => codeKey(one) === codeKey(code))
      if (hasSingleUseCodes || (code !== null && !isEntered)) return []
      return [{ code: code === null ? null : codeKey(code), isUsed: false, promotion, usesOfCustomer: 0 }]
    })
  return { promotions, stored, candidatesFor }
}

const positionOf = ({ batchId, position }: { batchId: CodeBatchId; position: number }) =>
  `${batchId} ${String(position).padStart(6, '0')}`
