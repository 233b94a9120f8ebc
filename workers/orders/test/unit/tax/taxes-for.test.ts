import { describe, expect, it } from 'vitest'
import type { Area } from '../../../src/places/domain/area.ts'
import { decideTaxRate, rateOf, type TaxRate } from '../../../src/tax/domain/tax-rate.ts'
import { taxesFor } from '../../../src/tax/domain/taxes-for.ts'
import { NOW } from '../../support/test-deps.ts'

const daysLater = (days: number) => new Date(NOW.getTime() + days * 86_400_000)

/** A rate that is named by its id, for the whole of a country unless said otherwise. */
const aRate = (
  id: string,
  { area, ...over }: Partial<Omit<TaxRate, 'area'>> & { area?: Partial<Area> } = {},
): TaxRate => ({
  ...{ id: `taxrate_${id}`, name: id, taxCategory: null, rate: '0.19', priority: 1, isCompound: false },
  ...{ validFrom: null, validTo: null, createdAt: NOW, updatedAt: NOW, version: 1 },
  ...over,
  area: { country: 'US', regions: [], postalCodes: [], ...area },
})

const destination = { country: 'US', regions: ['CA'], postalCode: '90210' }

const namesFor = (rates: TaxRate[], over: Partial<Parameters<typeof taxesFor>[1]> = {}) =>
  taxesFor(rates, { destination, taxCategory: null, at: NOW, ...over }).map(({ name }) => name)

describe('the taxes on an item', () => {
  const country = aRate('country')
  const state = aRate('state', { area: { regions: ['CA'] } })
  const city = aRate('city', { area: { postalCodes: [{ from: '90001', to: '90299' }] } })

  it('are those of the destination, as what is charged', () => {
    const rate = aRate('a', { rate: '0.07', isCompound: true })
    expect(
      taxesFor([rate, aRate('b', { area: { country: 'DE' } })], { destination, taxCategory: null, at: NOW }),
    ).toEqual([{ id: 'taxrate_a', name: 'a', rate: '0.07', isCompound: true }])
  })

  it('are of one priority the rate that describes the destination most closely', () => {
    expect(namesFor([country, city, state])).toEqual(['city'])
    expect(namesFor([country, state], { destination: { ...destination, postalCode: null } })).toEqual(['state'])
    expect(namesFor([country, state], { destination: { ...destination, regions: ['NV'] } })).toEqual(['country'])
    expect(namesFor([city], { destination: { ...destination, postalCode: '10001' } })).toEqual([])
  })

  it('are of different priorities all, the lowest first', () => {
    const second = { ...state, priority: 2 }
    const third = { ...city, priority: 10 }
    expect(namesFor([third, second, country])).toEqual(['country', 'state', 'city'])
  })

  it('are those of its category where there is one', () => {
    const books = aRate('books', { taxCategory: 'books' })
    expect(namesFor([country, books], { taxCategory: 'books' })).toEqual(['books'])
    expect(namesFor([books, country], { taxCategory: 'books' })).toEqual(['books'])
    expect(namesFor([country, books], { taxCategory: 'food' })).toEqual(['country'])
    expect(namesFor([country, books])).toEqual(['country'])
    expect(namesFor([books])).toEqual([])
  })

  it('are by place before they are by category', () => {
    const books = aRate('books', { taxCategory: 'books' })
    expect(namesFor([books, state], { taxCategory: 'books' })).toEqual(['state'])
  })

  it('apply from the instant at which they begin until before the one at which they end', () => {
    const rate = aRate('a', { validFrom: NOW, validTo: daysLater(1) })
    const before = new Date(NOW.getTime() - 1)
    expect(
      [before, NOW, new Date(daysLater(1).getTime() - 1), daysLater(1)].map((at) => namesFor([rate], { at })),
    ).toEqual([[], ['a'], ['a'], []])
  })

  it('are by the rate that began last, so that a new one replaces an old one without an end', () => {
    const coming = aRate('coming', { validFrom: daysLater(1) })
    expect(namesFor([coming, country])).toEqual(['country'])
    expect(namesFor([coming, country], { at: daysLater(1) })).toEqual(['coming'])
  })

  it('are by the newest of rates that are alike, in whatever order they are read', () => {
    expect(namesFor([aRate('1'), aRate('2')])).toEqual(['2'])
    expect(namesFor([aRate('2'), aRate('1')])).toEqual(['2'])
  })

  it('have a rate of 0 among them, which exempts a category', () => {
    const exempt = aRate('exempt', { taxCategory: 'food', rate: '0' })
    expect(namesFor([country, exempt], { taxCategory: 'food' })).toEqual(['exempt'])
  })
})

describe('a rate of tax', () => {
  it.each([
    ['0.19', '0.19'],
    ['0.190', '0.19'],
    ['0.1900', '0.19'],
    ['1.000', '1'],
    ['0.100', '0.1'],
    ['0', '0'],
    ['0.0', '0'],
    ['1', '1'],
    ['0.099750', '0.09975'],
    ['9.999999', '9.999999'],
    ['0.1234567', undefined],
    ['10', undefined],
    ['-0.1', undefined],
    ['.5', undefined],
    ['1.', undefined],
    ['1e-1', undefined],
    ['0,19', undefined],
    ['0.19 ', undefined],
    ['', undefined],
  ])('is read from %j as %s', (text, expected) => {
    expect(rateOf(text)).toBe(expected)
  })

  it('keeps what is not changed, and null removes', () => {
    const rate = aRate('a', { taxCategory: 'books', validFrom: NOW, area: { regions: ['CA'] } })
    const { id: _id, createdAt: _at, updatedAt: _updated, version: _version, ...fields } = rate
    expect(decideTaxRate(fields, {})).toEqual({ ok: true, value: fields })
    expect(decideTaxRate(fields, { taxCategory: null, validFrom: null, regions: null })).toEqual({
      ok: true,
      value: { ...fields, taxCategory: null, validFrom: null, area: { ...rate.area, regions: [] } },
    })
  })

  it('has its postal codes replaced as a whole', () => {
    const postalCodes = [{ prefix: '9' }]
    const rate = aRate('a', { area: { postalCodes } })
    const codesAfter = (changes: Parameters<typeof decideTaxRate>[1]) => {
      const decided = decideTaxRate(rate, changes)
      return decided.ok ? decided.value.area.postalCodes : decided
    }
    expect(codesAfter({ regions: ['CA'] })).toEqual(postalCodes)
    expect(codesAfter({ postalCodes: [{ prefix: '8' }] })).toEqual([{ prefix: '8' }])
    expect(codesAfter({ postalCodes: null })).toEqual([])
    expect(codesAfter({ country: 'DE', postalCodes: [{ prefix: '1' }] })).toEqual([{ prefix: '1' }])
  })

  it('leaves the regions and postal codes of its country when it moves to another one', () => {
    const rate = aRate('a', { area: { regions: ['CA'], postalCodes: [{ prefix: '9' }] } })
    expect(decideTaxRate(rate, { country: 'DE' })).toMatchObject({
      value: { area: { country: 'DE', regions: [], postalCodes: [] } },
    })
    expect(decideTaxRate(rate, { country: 'DE', regions: ['Bayern'] })).toMatchObject({
      value: { area: { country: 'DE', regions: ['BY'], postalCodes: [] } },
    })
  })

  it('is refused when it would end before it begins, or is of a region of another country', () => {
    const rate = aRate('a', { validFrom: NOW })
    expect(decideTaxRate(rate, { validTo: NOW, regions: ['Bayern'] })).toEqual({
      ok: false,
      failure: {
        code: 'invalid_tax_rate',
        errors: [
          { field: 'regions.0', message: 'is not a region of US' },
          { field: 'valid_to', message: 'must be after valid_from' },
        ],
      },
    })
  })
})
