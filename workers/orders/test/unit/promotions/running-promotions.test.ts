import { currency } from '@shop/kernel/currencies'
import { describe, expect, it } from 'vitest'
import { type Candidate, decideRunning, type RunningQuery } from '../../../src/promotions/domain/running-promotions.ts'
import { type StoredPromotion, toPromotion } from '../../../src/promotions/domain/stored-promotion.ts'
import { aPromotion } from '../../support/promotions.ts'
import { NOW } from '../../support/test-deps.ts'

const EUR = currency('EUR')
const query = (...codes: string[]): RunningQuery => ({ codes, now: NOW, customerKey: null, currency: EUR })
const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000)

const candidate = (over: Partial<StoredPromotion>, found: Partial<Candidate> = {}): Candidate => {
  const promotion = aPromotion(over)
  return { code: promotion.code?.toUpperCase() ?? null, isUsed: false, usesOfCustomer: 0, ...found, promotion }
}

describe('an entered code', () => {
  it('leads to its promotion, with the code as it was made', () => {
    const summer = candidate({ code: 'Summer-10' })
    const { running, refused } = decideRunning([summer], query('  summer-10 '))
    expect(running).toEqual([{ promotion: toPromotion(summer.promotion, 'Summer-10'), budgetLeft: null }])
    expect(refused).toEqual([])
  })

  it('that is for a single use leads to its promotion, as it was entered', () => {
    const single = candidate({ code: 'Summer-10', hasSingleUseCodes: true }, { code: 'ONE-7K3M9' })
    const { running } = decideRunning([single], query('one-7k3m9'))
    expect(running.map(({ promotion }) => promotion.code)).toEqual(['one-7k3m9'])
  })

  it('counts once in all its spellings', () => {
    const summer = candidate({ code: 'SUMMER' })
    expect(decideRunning([summer], query('summer', ' SUMMER', 'ｓummer')).running).toHaveLength(1)
    expect(decideRunning([], query('winter', 'Winter ')).refused).toEqual([{ code: 'Winter', reason: 'unknown' }])
  })

  it.each<[string, Partial<StoredPromotion>, Partial<Candidate>]>([
    ['not_started', { startsAt: at(1) }, {}],
    ['ended', { endsAt: NOW }, {}],
    ['ended', { endsAt: at(-1), usageLimit: 1, usage: { uses: 1, amount: 0 } }, {}],
    ['used_up', { usageLimit: 5, usage: { uses: 5, amount: 0 } }, {}],
    ['used_up', { usageLimit: 5, usage: { uses: 9, amount: 0 } }, {}],
    ['used_up', { budget: { currency: EUR, amount: 100 }, usage: { uses: 1, amount: 100 } }, {}],
    ['used_up', {}, { isUsed: true }],
    ['used_up_by_customer', { usageLimitPerCustomer: 2 }, { usesOfCustomer: 2 }],
    [
      'currency_not_included',
      { budget: { currency: currency('USD'), amount: 100 }, usage: { uses: 0, amount: 0 } },
      {},
    ],
  ])('is refused as %s by %j %j', (reason, over, found) => {
    const { running, refused } = decideRunning([candidate({ code: 'A', ...over }, found)], query('a'))
    expect({ running, refused }).toEqual({ running: [], refused: [{ code: 'a', reason }] })
  })

  it.each<[string, Partial<StoredPromotion>, Partial<Candidate>]>([
    ['from its first instant', { startsAt: NOW }, {}],
    ['until its end', { endsAt: at(0.001) }, {}],
    [
      'below its limits',
      { usageLimit: 5, usage: { uses: 4, amount: 0 }, usageLimitPerCustomer: 2 },
      { usesOfCustomer: 1 },
    ],
    ['before its first use', { usageLimit: 1, usage: { uses: 0, amount: 0 } }, {}],
  ])('may be used %s', (_, over, found) => {
    expect(decideRunning([candidate({ code: 'A', ...over }, found)], query('a')).running).toHaveLength(1)
  })
})

describe('an automatic promotion', () => {
  it('runs without a code, and is left out without a word when it may not be used', () => {
    const [runs, over] = [candidate({}), candidate({ usageLimit: 1, usage: { uses: 1, amount: 0 } })]
    const { running, refused } = decideRunning([runs, over], query())
    expect(running.map(({ promotion }) => [promotion.id, promotion.code])).toEqual([[runs.promotion.id, null]])
    expect(refused).toEqual([])
  })

  it('says what is left of its budget', () => {
    const sale = candidate({ budget: { currency: EUR, amount: 1_000 }, usage: { uses: 3, amount: 400 } })
    expect(decideRunning([sale], query()).running[0]?.budgetLeft).toBe(600)
  })
})

describe('what is discounted', () => {
  const buy = { quantity: 2, productIds: [1], collectionIds: [7] }
  const get = { quantity: 1, percentOff: '100', productIds: [], collectionIds: [] }

  it('is what has to be bought, where nothing else is named', () => {
    expect(toPromotion(aPromotion({ type: 'buy_x_get_y', buy, get }), null).get).toEqual({
      ...{ quantity: 1, percentOff: '100' },
      ...{ productIds: [1], collectionIds: [7] },
    })
  })

  it('is what is named', () => {
    const named = { ...get, productIds: [2] }
    expect(toPromotion(aPromotion({ type: 'buy_x_get_y', buy, get: named }), null).get).toEqual(named)
  })
})
