import { currency } from '@shop/kernel/currencies'
import { describe, expect, it } from 'vitest'
import { decidePromotion } from '../../../src/promotions/domain/decide-promotion.ts'
import {
  type PromotionChanges,
  type PromotionDraft,
  patchDraft,
  toDraft,
} from '../../../src/promotions/domain/promotion-draft.ts'
import { aPromotion } from '../../support/promotions.ts'

const EUR = currency('EUR')
const USD = currency('USD')
const JPY = currency('JPY')

const TEN_PERCENT: PromotionDraft = { name: 'Sale', type: 'percentage', value: 10 }
const BUY_TWO: PromotionDraft = {
  name: 'Three for two',
  type: 'buy_x_get_y',
  buy: { quantity: 2, productIds: [1] },
  get: { quantity: 1, percentOff: '100' },
}
const TIERED: PromotionDraft = {
  name: 'More is cheaper',
  type: 'tiered',
  tiers: [
    { minQuantity: 3, value: 5 },
    { minQuantity: 10, value: 12.5 },
  ],
}

function errorsOf(draft: PromotionDraft): [field: string, message: string][] {
  const decided = decidePromotion(draft, false)
  if (decided.ok) return []
  expect(decided.failure.code).toBe('invalid_promotion')
  return decided.failure.errors.map(({ field, message }) => [field, message])
}

describe('a new promotion', () => {
  it.each([{}, { usageLimitPerCustomer: 1 }, { usageLimitPerCustomer: 5 }])(
    'for first orders is used once by each customer: %j',
    (limit) => {
      const draft = { ...TEN_PERCENT, conditions: { isFirstOrder: true }, ...limit }
      expect(decidePromotion(draft, false)).toMatchObject({ value: { usageLimitPerCustomer: 1 } })
    },
  )

  it('has defaults for what staff leave out', () => {
    const { id: _, createdAt, updatedAt, version, usage, ...fields } = aPromotion({ name: 'Sale' })
    expect(decidePromotion(TEN_PERCENT, false)).toEqual({ ok: true, value: fields })
  })

  it.each([
    [10, '10'],
    [12.5, '12.5'],
    ['12.50', '12.5'],
    ['100.0000', '100'],
    [0.0001, '0.0001'],
  ])('keeps the percentage %j as %j', (value, kept) => {
    expect(decidePromotion({ ...TEN_PERCENT, value }, false)).toMatchObject({ value: { value: kept } })
  })

  it.each([0, -1, 100.5, 0.00001, '', ' 10', '1e1', '010', '10 %', 'ten', Number.NaN])(
    'refuses the percentage %j',
    (value) => {
      const message = 'must be above 0 and at most 100, with at most 4 decimals'
      expect(errorsOf({ ...TEN_PERCENT, value })).toEqual([['value', message]])
      const tiers = [{ minQuantity: 1, value }]
      expect(errorsOf({ ...TIERED, tiers })).toEqual([['tiers.0.value', message]])
      expect(errorsOf({ ...BUY_TWO, get: { quantity: 1, percentOff: value } })).toEqual([['get.percent_off', message]])
    },
  )

  it('keeps amounts in minor units of each currency', () => {
    const amounts = [
      { currency: EUR, amount: 5.5 },
      { currency: JPY, amount: 700 },
    ]
    const draft: PromotionDraft = {
      name: 'Five off',
      type: 'fixed_amount',
      amounts,
      budget: { currency: EUR, amount: 50 },
    }
    expect(decidePromotion(draft, false)).toMatchObject({
      value: {
        amounts: [
          { currency: EUR, amount: 550 },
          { currency: JPY, amount: 700 },
        ],
        budget: { currency: EUR, amount: 5_000 },
      },
    })
  })

  const FIXED: PromotionDraft = { name: 'Off', type: 'fixed_amount', amounts: [{ currency: EUR, amount: 5 }] }
  it.each<[string, PromotionDraft, [field: string, message: string][]]>([
    [
      'percentage without a value',
      { name: 'x', type: 'percentage' },
      [['value', 'is required for the type percentage']],
    ],
    [
      'free shipping with a value and amounts',
      { ...FIXED, type: 'free_shipping', value: 5 },
      [
        ['value', 'does not belong to the type free_shipping'],
        ['amounts', 'does not belong to the type free_shipping'],
      ],
    ],
    [
      'buy X get Y that says neither',
      { name: 'x', type: 'buy_x_get_y' },
      [
        ['buy', 'is required for the type buy_x_get_y'],
        ['get', 'is required for the type buy_x_get_y'],
      ],
    ],
    [
      'an amount that is finer than its currency',
      { ...FIXED, amounts: [{ currency: JPY, amount: 1.5 }] },
      [['amounts.0.amount', 'is not an amount of JPY: too_fine']],
    ],
    [
      'an amount of nothing',
      { ...FIXED, amounts: [{ currency: EUR, amount: 0 }] },
      [['amounts.0.amount', 'must be above 0']],
    ],
    [
      'two amounts in one currency',
      {
        ...FIXED,
        amounts: [
          { currency: EUR, amount: 1 },
          { currency: EUR, amount: 2 },
        ],
      },
      [['amounts.1.currency', 'is EUR again']],
    ],
    [
      'a minimum that is finer than its currency',
      { ...TEN_PERCENT, conditions: { minSubtotal: [{ currency: USD, amount: 1.999 }] } },
      [['conditions.min_subtotal.0.amount', 'is not an amount of USD: too_fine']],
    ],
    [
      'a budget of nothing',
      { ...TEN_PERCENT, budget: { currency: EUR, amount: 0 } },
      [['budget.amount', 'must be above 0']],
    ],
    [
      'an end before its start',
      { ...TEN_PERCENT, startsAt: new Date(2_000), endsAt: new Date(2_000) },
      [['ends_at', 'must be after starts_at']],
    ],
    [
      'a code that is long when it is compared',
      { ...TEN_PERCENT, code: '\ufdfa'.repeat(4) },
      [['code', 'must have at most 64 characters']],
    ],
    ['a code that is blank when it is compared', { ...TEN_PERCENT, code: '\u2003' }, [['code', 'must not be blank']]],
  ])('is refused with %s, naming the field', (_, draft, errors) => {
    expect(errorsOf(draft)).toEqual(errors)
  })
})

describe('tiers', () => {
  const subtotal = (...amounts: [typeof EUR, number][]) => amounts.map(([currency, amount]) => ({ currency, amount }))

  it('may be by subtotal, in several currencies', () => {
    const tiers = [
      { minSubtotal: subtotal([EUR, 50], [USD, 60]), value: 5 },
      { minSubtotal: subtotal([USD, 120], [EUR, 100]), value: 10 },
    ]
    expect(errorsOf({ ...TIERED, tiers })).toEqual([])
  })

  it.each<[string, PromotionDraft['tiers'], string, string]>([
    ['that names no minimum', [{ value: 5 }], 'tiers.0', 'must have one of min_quantity and min_subtotal'],
    [
      'that names both minimums',
      [{ minQuantity: 1, minSubtotal: subtotal([EUR, 1]), value: 5 }],
      'tiers.0',
      'must have one of min_quantity and min_subtotal',
    ],
    [
      'of another kind',
      [
        { minQuantity: 1, value: 5 },
        { minSubtotal: subtotal([EUR, 1]), value: 6 },
      ],
      'tiers.1',
      'must have the minimum that the others have',
    ],
    [
      'that is not above the one before',
      [
        { minQuantity: 3, value: 5 },
        { minQuantity: 3, value: 6 },
      ],
      'tiers.1',
      'must be above the tier before',
    ],
    [
      'that is above in one currency only',
      [
        { minSubtotal: subtotal([EUR, 50], [USD, 60]), value: 5 },
        { minSubtotal: subtotal([EUR, 60], [USD, 60]), value: 6 },
      ],
      'tiers.1',
      'must be above the tier before',
    ],
    [
      'in other currencies',
      [
        { minSubtotal: subtotal([EUR, 50], [USD, 60]), value: 5 },
        { minSubtotal: subtotal([EUR, 60]), value: 6 },
      ],
      'tiers.1',
      'must have its minimum in the currencies of the others',
    ],
  ])('are refused with one %s', (_, tiers, field, message) => {
    expect(errorsOf({ ...TIERED, ...(tiers && { tiers }) })).toEqual([[field, message]])
  })
})

describe('a change of a promotion', () => {
  const decided = (draft: PromotionDraft) => {
    const result = decidePromotion(draft, false)
    if (!result.ok) throw new Error(JSON.stringify(result.failure.errors))
    return result.value
  }
  const after = (draft: PromotionDraft, changes: PromotionChanges) => patchDraft(toDraft(decided(draft)), changes)

  it.each([
    ['percentage', { ...TEN_PERCENT, code: 'Summer', usageLimit: 5, budget: { currency: EUR, amount: 9.99 } }],
    ['tiered', { ...TIERED, startsAt: new Date(0), priority: -1, stackable: false }],
    ['buy_x_get_y', { ...BUY_TWO, conditions: { countries: ['DE'], minSubtotal: [{ currency: EUR, amount: 5 }] } }],
  ] satisfies [string, PromotionDraft][])('of nothing leaves a promotion of the type %s as it is', (_, draft) => {
    expect(decided(after(draft, {}))).toEqual(decided(draft))
  })

  it('keeps the members of an object that it does not name, and removes those that are null', () => {
    const draft: PromotionDraft = {
      ...TEN_PERCENT,
      conditions: { countries: ['DE'], minQuantity: 2, groupIds: ['vip'] },
    }
    const { conditions } = decided(after(draft, { conditions: { minQuantity: null, countries: ['AT', 'CH'] } }))
    expect(conditions).toEqual({
      ...{ minSubtotal: [], minQuantity: null, isFirstOrder: false },
      ...{ countries: ['AT', 'CH'], groupIds: ['vip'] },
    })
  })

  it('removes a code, limits, dates and a budget with null', () => {
    const draft: PromotionDraft = {
      ...TEN_PERCENT,
      ...{
        code: 'X',
        usageLimit: 1,
        usageLimitPerCustomer: 1,
        endsAt: new Date(1),
        budget: { currency: EUR, amount: 1 },
      },
    }
    const none = { code: null, usageLimit: null, usageLimitPerCustomer: null, endsAt: null, budget: null }
    expect(decided(after(draft, none))).toMatchObject(none)
  })

  it('to another type comes with what that needs', () => {
    const amounts = [{ currency: EUR, amount: 5 }]
    expect(errorsOf(after(TEN_PERCENT, { type: 'fixed_amount', amounts }))).toEqual([
      ['value', 'does not belong to the type fixed_amount'],
    ])
    expect(errorsOf(after(TEN_PERCENT, { type: 'fixed_amount', value: null, amounts }))).toEqual([])
  })

  it('that leaves a part of an object missing is refused, naming it', () => {
    expect(errorsOf(after(TEN_PERCENT, { budget: { currency: EUR } }))).toEqual([['budget.amount', 'is required']])
    expect(errorsOf(after(TEN_PERCENT, { budget: { amount: 5 } }))).toEqual([['budget.currency', 'is required']])
    expect(errorsOf(after(BUY_TWO, { buy: { quantity: null }, get: { percentOff: null } }))).toEqual([
      ['buy.quantity', 'is required'],
      ['get.percent_off', 'is required'],
    ])
  })
})
