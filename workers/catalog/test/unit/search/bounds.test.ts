import { currency } from '@shop/kernel/currencies'
import { describe, expect, it } from 'vitest'
import { boundsOf } from '../../../src/search/domain/bounds.ts'

describe('the bounds of a price', () => {
  it.each([
    ['10', '20', 'USD', { min: 1_000, max: 2_000 }],
    ['0.07', '0.1', 'USD', { min: 7, max: 10 }],
    ['9.991', '9.999', 'USD', { min: 1_000, max: 999 }],
    ['9.990', '9.9900', 'USD', { min: 999, max: 999 }],
    ['9.5', '9.5', 'JPY', { min: 10, max: 9 }],
    ['1.005', undefined, 'KWD', { min: 1_005 }],
    [undefined, '999999999999.9999', 'KWD', { max: 999_999_999_999_999 }],
    [undefined, undefined, 'USD', undefined],
  ])('from %s to %s in %s are %j', (min, max, code, bounds) => {
    expect(boundsOf({ min, max }, currency(code as 'USD'))).toEqual(bounds)
  })
})
