import { describe, expect, it } from 'vitest'
import { closenessOf } from '../../../src/places/domain/area.ts'
import { decideArea } from '../../../src/places/domain/decide-area.ts'
import { hasPostalCode } from '../../../src/places/domain/postal-codes.ts'

describe('postal codes', () => {
  it.each([
    ['US', '902', '90210-1234', true],
    ['US', '902', '91210', false],
    ['CA', 'h2x', 'H2X 1Y4', true],
    ['PL', '00-9', '00950', true],
    ['GB', 'SW1A', 'SW1A 1AA', true],
    ['GB', 'SW1', 'SW1A 1AA', true],
    ['GB', 'SW1', 'SW10 1AA', false],
    ['GB', 'E', 'E1 6AN', true],
    ['GB', 'E', 'EC1A 1BB', false],
    ['GB', 'E1', 'E1 6AN', true],
    ['GB', 'E1', 'E16 1AB', false],
    ['GB', 'E1 6', 'E1 6AN', true],
    ['GB', 'E1 6', 'E16 1AB', false],
    ['GB', 'e16an', 'E1 6AN', true],
    ['GB', 'E1 6', 'E1 7AN', false],
    ['GB', 'E1 6', 'E2 6AN', false],
    ['GB', ' e1  6 ', 'E1 6AN', true],
    ['GB', 'E', 'W1A 1AA', false],
    ['GB', 'E1', 'W1A 1AA', false],
    ['JE', 'JE2', 'JE2 3AB', true],
    ['JE', 'JE2', 'JE20 3AB', false],
    ['GG', 'GY1', 'GY10 1AA', false],
    ['IM', 'IM1', 'IM12 1AA', false],
  ])('of %s that begin with %s have %s: %s', (country, prefix, code, expected) => {
    expect(hasPostalCode({ prefix }, country, code)).toBe(expected)
  })

  it.each([
    ['US', '90001', '90299', '90210', true],
    ['US', '90001', '90299', '90210-1234', true],
    ['US', '90001', '90299', '90300', false],
    ['US', '90001', '90299', '90000', false],
    ['US', '00501', '00599', '00544', true],
    ['DE', '10', '12', '12345', true],
    ['US', '90210', '90210', '90210', true],
    ['DE', '10115', '14199', '101', false],
    ['DE', '10000', '19999', '12', false],
    // Letters that are no prefix of a country.
    ['SH', '1', '9', 'STHL 1ZZ', false],
    ['LV', '1000', '1099', 'LV-1010', true],
    ['NL', '1000', '1199', '1011 AB', true],
    ['PT', '1000', '1999', '1100-148', true],
    // The digits after the letters of a Canadian code are no number.
    ['CA', '10', '19', 'K1A 0B1', false],
    ['GB', '1', '9', '', false],
  ])('of %s from %s to %s have %s: %s', (country, from, to, code, expected) => {
    expect(hasPostalCode({ from, to }, country, code)).toBe(expected)
  })
})

describe('an area', () => {
  const california = { country: 'US', regions: ['CA'], postalCode: '90210' }

  it.each([
    [{}, 1],
    [{ regions: ['CA', 'NV'] }, 2],
    [{ regions: ['NV'] }, undefined],
    [{ postalCodes: [{ prefix: '1' }, { prefix: '9' }] }, 3],
    [{ postalCodes: [{ prefix: '1' }] }, undefined],
    [{ regions: ['CA'], postalCodes: [{ prefix: '9' }] }, 3],
    // It is what is in both.
    [{ regions: ['NV'], postalCodes: [{ prefix: '9' }] }, undefined],
  ])('of the country with %j has an address there as closely as %s', (over, closeness) => {
    const area = { country: 'US', regions: [], postalCodes: [], ...over }
    expect(closenessOf(area, california)).toBe(closeness)
    expect(closenessOf({ ...area, country: 'CA' }, california)).toBeUndefined()
  })

  it('of postal codes has no address without one', () => {
    const area = { country: 'US', regions: [], postalCodes: [{ prefix: '9' }] }
    expect(closenessOf(area, { ...california, postalCode: null })).toBeUndefined()
  })

  it('has its regions by their codes, each once', () => {
    expect(decideArea({ country: 'US', regions: ['California', 'ca', 'US-NV'] })).toEqual({
      area: { country: 'US', regions: ['CA', 'NV'], postalCodes: [] },
      errors: [],
    })
  })

  it('is refused for each region and each range that is none', () => {
    const ranges = [
      { from: '10', to: '20' },
      { from: '10', to: '10' },
    ]
    const postalCodes = [{ prefix: '9' }, { from: '1', to: '10' }, { from: '20', to: '10' }, ...ranges]
    const { errors } = decideArea({ country: 'US', regions: ['CA', 'Bavaria'], postalCodes }, 'areas.3.')
    expect(errors).toEqual([
      { field: 'areas.3.regions.1', message: 'is not a region of US' },
      { field: 'areas.3.postal_codes.1', message: 'must be from and to as many digits' },
      { field: 'areas.3.postal_codes.2', message: 'must not end before it begins' },
    ])
  })
})
