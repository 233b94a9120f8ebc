import { newId } from '@shop/http/ids'
import type { StoredPromotion } from '../../src/promotions/domain/stored-promotion.ts'

/** An automatic promotion of 10 % on everything, without limits. */
export function aPromotion(over: Partial<StoredPromotion> = {}): StoredPromotion {
  const createdAt = new Date('2026-11-23T09:00:00.000Z')
  return {
    id: newId('promotion'),
    name: 'Summer sale',
    code: null,
    hasSingleUseCodes: false,
    type: 'percentage',
    value: '10',
    amounts: [],
    tiers: [],
    buy: null,
    get: null,
    appliesTo: { productIds: [], categoryIds: [], collectionIds: [] },
    conditions: { minSubtotal: [], minQuantity: null, countries: [], groupIds: [], isFirstOrder: false },
    usageLimit: null,
    usageLimitPerCustomer: null,
    budget: null,
    startsAt: null,
    endsAt: null,
    priority: 0,
    stackable: true,
    createdAt,
    updatedAt: createdAt,
    version: 1,
    usage: null,
    ...over,
  }
}
