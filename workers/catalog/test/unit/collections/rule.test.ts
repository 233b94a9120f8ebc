import { currency } from '@shop/kernel/currencies'
import { toMinor } from '@shop/kernel/money'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideRule, patchRule, type RuleDraft, toRuleDraft } from '../../../src/collections/domain/rule.ts'

const USD = currency('USD')
const JPY = currency('JPY')

const fieldsOf = (draft: RuleDraft) => {
  const rule = decideRule(draft, USD)
  return rule.ok ? [] : rule.failure.errors.map(({ field }) => field)
}

describe('the rule of a collection', () => {
  it('has its prices in minor units of the named currency, else of the shop’s', () => {
    expect(decideRule({ priceMin: 9.5, tags: ['new'] }, USD)).toEqual({
      ok: true,
      value: { tags: ['new'], price: { currency: USD, min: 950, max: undefined } },
    })
    expect(decideRule({ priceMax: 500, currency: JPY }, USD)).toMatchObject({
      value: { price: { currency: JPY, max: 500 } },
    })
  })

  it.each([
    [{}, 'rule'],
    [{ tags: undefined }, 'rule'],
    [{ priceMin: 1.001 }, 'rule.price_min'],
    [{ priceMax: 0.5, currency: JPY }, 'rule.price_max'],
    [{ priceMin: 2, priceMax: 1 }, 'rule.price_max'],
    [{ inStock: true, currency: USD }, 'rule.currency'],
  ])('is refused as %j for its %s', (draft, field) => {
    expect(fieldsOf(draft)).toEqual([field])
  })

  it('is read back as it was sent', () => {
    const amount = fc.integer({ min: 0, max: 10_000 }).map((cents) => cents / 100)
    const bounds = fc.option(fc.tuple(amount, amount), { nil: undefined })
    fc.assert(
      fc.property(bounds, fc.option(fc.boolean(), { nil: undefined }), (prices, inStock) => {
        const [priceMin, priceMax] = prices?.sort((a, b) => a - b) ?? []
        const sent = { ...(prices ? { priceMin, priceMax, currency: USD } : {}), inStock, createdWithinDays: 3 }
        const rule = decideRule(sent, USD)
        expect(rule.ok && toRuleDraft(rule.value)).toEqual(sent)
      }),
    )
    expect(toMinor(0.29, USD)).toEqual({ ok: true, value: 29 })
  })

  it('is patched condition by condition', () => {
    const rule = { tags: ['new'], price: { currency: USD, min: 500, max: 900 } }
    const patched = (changes: Parameters<typeof patchRule>[1]) => {
      const after = patchRule(rule, changes, USD)
      return after.ok ? toRuleDraft(after.value) : after.failure.code
    }
    expect(patched({ priceMax: null, inStock: true })).toEqual({
      tags: ['new'],
      priceMin: 5,
      currency: USD,
      inStock: true,
    })
    expect(patched({ priceMin: null, priceMax: null })).toEqual({ tags: ['new'] })
    expect(patched({ priceMin: 10 })).toBe('invalid_collection_rule')
    expect(patched({ tags: null, priceMin: null, priceMax: null })).toBe('invalid_collection_rule')
  })
})
