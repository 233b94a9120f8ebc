import { iso31662 } from 'iso-3166'
import { describe, expect, it } from 'vitest'
import { destinationOf } from '../src/destination.ts'
import { regionCodeOf, regionsUpFrom } from '../src/regions.ts'
import { needsRegion } from '../src/requirements.ts'

describe('the region of an address', () => {
  it.each([
    ['US', 'CA', 'CA'],
    ['US', ' california ', 'CA'],
    ['US', 'US-CA', 'CA'],
    ['CA', 'Quebec', 'QC'],
    ['CA', 'Québec', 'QC'],
    ['BR', 'Sao Paulo', 'SP'],
    ['ES', 'Las Palmas', 'GC'],
    // The province, which lies in the community of the same name.
    ['ES', 'Cantabria', 'S'],
    // A city and the county around it have one name.
    ['TW', 'Chiayi', undefined],
    ['US', 'Ontario', undefined],
    ['US', '', undefined],
    ['US', '-', undefined],
    ['US', '__proto__', undefined],
    ['XX', 'CA', undefined],
    ['AQ', 'any', undefined],
  ])('of %s is found by code or name: %j', (country, text, code) => {
    expect(regionCodeOf(country, text)).toBe(code)
  })

  it('lies in those above it', () => {
    expect(regionsUpFrom('ES', 'TF')).toEqual(['TF', 'CN'])
    expect(regionsUpFrom('IT', 'MI')).toEqual(['MI', '25'])
    expect(regionsUpFrom('US', 'CA')).toEqual(['CA'])
    expect(regionsUpFrom('US', 'XX')).toEqual([])
  })

  it('is found by its own code wherever ISO 3166-2 has it', () => {
    for (const { code } of iso31662) expect(regionCodeOf(code.slice(0, 2), code)).toBe(code.slice(3))
  })

  it('is only required where there is one to name', () => {
    const countries = new Set(iso31662.map(({ code }) => code.slice(0, 2)))
    const required = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].flatMap((first, _, letters) =>
      letters.map((second) => first + second).filter(needsRegion),
    )
    expect(required.length).toBeGreaterThan(20)
    expect(required.filter((country) => !countries.has(country))).toEqual([])
  })
})

describe('a destination', () => {
  it('has the country, the regions and the postal code of an address', () => {
    expect(destinationOf({ country: 'ES', region: 'Santa Cruz de Tenerife', postal_code: '38001' })).toEqual({
      country: 'ES',
      regions: ['TF', 'CN'],
      postalCode: '38001',
    })
    expect(destinationOf({ country: 'JP', region: 'Tôkyô' })).toEqual({
      country: 'JP',
      regions: ['13'],
      postalCode: null,
    })
    expect(destinationOf({ country: 'GB', region: 'Middlesex' })).toEqual({
      country: 'GB',
      regions: [],
      postalCode: null,
    })
    expect(destinationOf({ country: 'IE' })).toEqual({ country: 'IE', regions: [], postalCode: null })
  })
})
