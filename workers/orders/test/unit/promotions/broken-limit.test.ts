import { describe, expect, it } from 'vitest'
import { brokenLimit } from '../../../src/promotions/repository/broken-limit.ts'
import { aPromotion } from '../../support/promotions.ts'

/** An error as the Neon driver throws it. */
const violation = (constraint: string, detail?: string) =>
  Object.assign(new Error('refused'), {
    code: constraint === 'promotion_uses_single_use' ? '23505' : '23514',
    constraint,
    detail,
  })

const [first, second] = [aPromotion(), aPromotion()].map(({ id }, index) => ({
  ...{ promotionId: id, code: index === 0 ? 'Summer' : 'one-7k3m9', amount: 500 },
}))
const uses = [first, second].flatMap((use) => use ?? [])

describe('an order that breaks a limit', () => {
  it.each([
    ['promotion_counters_usage_limit', 'used_up'],
    ['promotion_counters_budget', 'used_up'],
    ['promotion_counters_per_customer', 'used_up_by_customer'],
  ])('by %s tells the promotion, its code and the reason %s', (constraint, reason) => {
    const error = violation(constraint, `Failing row contains (${second?.promotionId}, , 51, 0, 50, null).`)
    expect(brokenLimit(error, uses)).toEqual({ promotionId: second?.promotionId, code: 'one-7k3m9', reason })
  })

  it('by a single-use code tells the code, however it was entered', () => {
    const error = violation('promotion_uses_single_use', 'Schlüssel »(code)=(ONE-7K3M9)« existiert bereits.')
    expect(brokenLimit(error, uses)).toEqual({ promotionId: second?.promotionId, code: 'one-7k3m9', reason: 'used_up' })
  })

  it('tells the only promotion that it uses, whatever the database says', () => {
    const error = violation('promotion_counters_usage_limit')
    expect(brokenLimit(error, uses.slice(0, 1))).toMatchObject({ promotionId: first?.promotionId })
    expect(brokenLimit(error, uses)).toEqual({ promotionId: undefined, code: undefined, reason: 'used_up' })
  })

  it('is told from one that fails otherwise', () => {
    expect(brokenLimit(violation('buyer_counters_open_orders', first?.promotionId), uses)).toBeUndefined()
    expect(brokenLimit(new Error('fetch failed'), uses)).toBeUndefined()
  })
})
