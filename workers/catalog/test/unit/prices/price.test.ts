import { currency } from '@shop/kernel/currencies'
import { describe, expect, it } from 'vitest'
import { decidePrice, decidePriceChange } from '../../../src/prices/domain/price.ts'

const USD = currency('USD')
const JPY = currency('JPY')

describe('a price', () => {
  it('is stored in minor units', () => {
    expect(decidePrice(39.95, USD)).toEqual({ ok: true, value: 3995 })
  })

  it('names its field and currency when the currency cannot express it', () => {
    expect(decidePrice(1.5, JPY)).toEqual({
      ok: false,
      failure: {
        code: 'invalid_amount',
        reason: 'too_fine',
        errors: [{ field: 'price', message: 'has more decimals than the currency (JPY)' }],
      },
    })
  })

  it('keeps its amount when only the currency changes', () => {
    expect(decidePriceChange({ price: 1299_00, currency: USD }, { currency: JPY })).toEqual({
      ok: true,
      value: { price: 1299, currency: 'JPY' },
    })
  })

  it('is refused when the new currency has too few decimals', () => {
    expect(decidePriceChange({ price: 1299_50, currency: USD }, { currency: JPY })).toMatchObject({
      failure: { code: 'invalid_amount', reason: 'too_fine' },
    })
  })
})
